// ARM resources as they arrive, as far as commands read them. Everything else passes through
// untouched to the output.
export interface Resource<P> {
  id: string;
  name: string;
  type: string;
  properties: P;
  systemData?: { lastModifiedAt?: string };
}

export interface RegistryProperties {
  loginServer: string;
  adminUserEnabled: boolean;
  dataEndpointEnabled: boolean;
  dataEndpointHostNames?: string[];
}
export interface Registry extends Resource<RegistryProperties> {
  location: string;
  sku: { name: 'Basic' | 'Standard' | 'Premium' | 'Classic'; tier?: string };
}

export type ScopeMap = Resource<{ description?: string; actions: string[] }>;

export type PasswordName = 'password1' | 'password2';
export interface Password {
  name: PasswordName;
  creationTime?: string;
  expiry?: string;
  /** Only in the answer that made it. */
  value?: string;
}
export type Token = Resource<{
  scopeMapId: string;
  status: 'enabled' | 'disabled';
  credentials?: { username?: string; passwords?: Password[]; certificates?: unknown[] };
}>;
export interface GeneratedCredentials {
  username: string;
  passwords: Password[];
}

export type Mode = 'ReadOnly' | 'ReadWrite';
export type ConnectedRegistry = Resource<{
  mode: Mode;
  connectionState?: string;
  lastActivityTime?: string;
  statusDetails?: StatusDetail[];
  /** Of the last full sync; in api-versions since 2026-01-01-preview. */
  registrySyncResult?: Record<string, string>;
  activation?: { status: 'Active' | 'Inactive' };
  parent: {
    id?: string | null;
    syncProperties: {
      tokenId: string;
      gatewayEndpoint?: string;
      schedule?: string;
      syncWindow?: string;
      lastSyncTime?: string;
    };
  };
  clientTokenIds?: string[];
  notificationsList?: string[];
}>;

export interface StatusDetail {
  code: string;
  description: string;
}

export interface ResourceGroup {
  id: string;
  name: string;
  location: string;
}
