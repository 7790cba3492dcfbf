// The switches of a registry that `create` and `update` share, and the ARM properties that they become.
import { choice, list, threeState } from '../../parse/option.ts';

export const switchOptions = {
  adminEnabled: threeState('--admin-enabled', 'Whether the admin user may sign in.'),
  anonymousPullEnabled: threeState(
    '--anonymous-pull-enabled',
    'Whether anybody may pull without signing in.',
  ),
  dataEndpointEnabled: threeState(
    '--data-endpoint-enabled',
    'Whether the registry has data endpoints; connected registries need them.',
  ),
  publicNetworkEnabled: threeState(
    '--public-network-enabled',
    'Whether the registry may be reached from everywhere.',
  ),
  allowTrustedServices: threeState(
    '--allow-trusted-services',
    'Whether trusted services pass the network rules.',
  ),
  allowExports: threeState('--allow-exports', 'Whether images may be copied out of the registry.'),
  defaultAction: choice(
    '--default-action',
    'What happens to a caller that no network rule names. Premium only.',
    ['Allow', 'Deny'],
  ),
  tags: list('--tags', "Space-separated tags: key[=value] [key[=value] ...]. '' clears them."),
};

export interface Switches {
  adminEnabled: boolean | undefined;
  anonymousPullEnabled: boolean | undefined;
  dataEndpointEnabled: boolean | undefined;
  publicNetworkEnabled: boolean | undefined;
  allowTrustedServices: boolean | undefined;
  allowExports: boolean | undefined;
  defaultAction: 'Allow' | 'Deny' | undefined;
}

/** Only what was given. A registry closed to the public has no use for an open firewall, so that closes too. */
export function propertiesOf(switches: Switches, warn: (text: string) => void): Record<string, unknown> {
  const closed = switches.publicNetworkEnabled === false;
  if (closed) warn('Disabling the public endpoint overrides all firewall configurations.');
  const action = closed ? 'Deny' : switches.defaultAction;
  return present({
    adminUserEnabled: switches.adminEnabled,
    anonymousPullEnabled: switches.anonymousPullEnabled,
    dataEndpointEnabled: switches.dataEndpointEnabled,
    publicNetworkAccess: word(switches.publicNetworkEnabled, 'Enabled', 'Disabled'),
    networkRuleBypassOptions: word(switches.allowTrustedServices, 'AzureServices', 'None'),
    policies: policies(switches.allowExports),
    networkRuleSet: action === undefined ? undefined : { defaultAction: action },
  });
}

function policies(allowExports: boolean | undefined): object | undefined {
  return allowExports === undefined
    ? undefined
    : { exportPolicy: { status: word(allowExports, 'enabled', 'disabled') } };
}

function word(value: boolean | undefined, yes: string, no: string): string | undefined {
  if (value === undefined) return undefined;
  return value ? yes : no;
}

/** Drops what is undefined: ARM takes an absent property for "leave it". */
export function present(properties: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(properties).filter(([, value]) => value !== undefined));
}

/** `a=1 b` -> `{a: '1', b: ''}` */
export function parseTags(words: readonly string[] | undefined): Record<string, string> | undefined {
  if (words === undefined) return undefined;
  const pairs = words
    .filter((word) => word !== '')
    .map((word): [string, string] => {
      const equals = word.indexOf('=');
      return equals < 0 ? [word, ''] : [word.slice(0, equals), word.slice(equals + 1)];
    });
  return Object.fromEntries(pairs);
}
