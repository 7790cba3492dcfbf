// What a check of `acrc check-health` finds: that something works, a fact, or an error by the title that az gives it.
export type Finding =
  | { passed: string }
  | { told: string }
  | { title: ErrorTitle; text: string; remedy?: string };

export type ErrorTitle =
  | 'DOCKER_COMMAND_ERROR'
  | 'DOCKER_DAEMON_ERROR'
  | 'DOCKER_VERSION_ERROR'
  | 'DOCKER_PULL_ERROR'
  | 'CONNECTIVITY_DNS_ERROR'
  | 'CONNECTIVITY_FORBIDDEN_ERROR'
  | 'CONNECTIVITY_CHALLENGE_ERROR'
  | 'CONNECTIVITY_REFRESH_TOKEN_ERROR'
  | 'CONNECTIVITY_TOOMANYREQUESTS_ERROR'
  | 'CONNECTIVITY_ACCESS_TOKEN_ERROR'
  | 'CONNECTIVITY_SSL_ERROR'
  | 'LOGIN_SERVER_ERROR';
