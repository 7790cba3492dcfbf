// Applications and service principals as Graph shows them (Microsoft Graph v1.0, resources application and
// servicePrincipal), with every member that az prints. An application and its service principal show one list of
// passwords, so that a reset of either ends what was there.
import { z } from 'zod';
import type { PasswordCredential } from '../passwords.ts';
import type { ServicePrincipal } from '../service-principals.ts';

const displayName = z.string().min(1).max(256);
/** A password lasts a year from there, by itself. */
const lastStart = new Date('9998-12-31T23:59:59Z');

export const applicationPostSchema = z.object({ displayName });
export const applicationPatchSchema = z.object({ displayName: displayName.optional() });
export const servicePrincipalPostSchema = z.object({ appId: z.string() });
export const addPasswordSchema = z.object({
  passwordCredential: z
    .object({
      displayName: z.string().max(256).nullish(),
      startDateTime: z.coerce.date().max(lastStart).nullish(),
      endDateTime: z.coerce.date().nullish(),
    })
    .nullish(),
});
export const removePasswordSchema = z.object({ keyId: z.string() });
export const getByIdsSchema = z.object({ ids: z.array(z.string()).max(1000) });

export function toPasswordCredential(password: PasswordCredential, secret?: string): object {
  const { keyId, displayName: name, hint, startsAt, endsAt } = password;
  return {
    customKeyIdentifier: null,
    displayName: name ?? null,
    endDateTime: endsAt,
    hint,
    keyId,
    secretText: secret ?? null,
    startDateTime: startsAt,
  };
}

export function toApplication(principal: ServicePrincipal, passwords: readonly PasswordCredential[]): object {
  return {
    id: principal.applicationObjectId,
    deletedDateTime: null,
    appId: principal.clientId,
    applicationTemplateId: null,
    certification: null,
    createdDateTime: principal.createdAt,
    defaultRedirectUri: null,
    description: null,
    disabledByMicrosoftStatus: null,
    displayName: principal.displayName,
    groupMembershipClaims: null,
    identifierUris: [],
    isDeviceOnlyAuthSupported: null,
    isFallbackPublicClient: null,
    notes: null,
    optionalClaims: null,
    publisherDomain: null,
    requestSignatureVerification: null,
    samlMetadataUrl: null,
    serviceManagementReference: null,
    signInAudience: 'AzureADMyOrg',
    tags: [],
    tokenEncryptionKeyId: null,
    addIns: [],
    appRoles: [],
    info: {},
    keyCredentials: [],
    passwordCredentials: passwords.map((password) => toPasswordCredential(password)),
    requiredResourceAccess: [],
  };
}

export function toServicePrincipalObject(
  principal: ServicePrincipal,
  passwords: readonly PasswordCredential[],
  tenantId: string,
): object {
  return {
    id: principal.objectId,
    deletedDateTime: null,
    accountEnabled: true,
    alternativeNames: [],
    appDescription: null,
    appDisplayName: principal.displayName,
    appId: principal.clientId,
    appOwnerOrganizationId: tenantId,
    appRoleAssignmentRequired: false,
    applicationTemplateId: null,
    createdDateTime: principal.createdAt,
    description: null,
    disabledByMicrosoftStatus: null,
    displayName: principal.displayName,
    homepage: null,
    loginUrl: null,
    logoutUrl: null,
    notes: null,
    notificationEmailAddresses: [],
    preferredSingleSignOnMode: null,
    preferredTokenSigningKeyThumbprint: null,
    replyUrls: [],
    servicePrincipalNames: [principal.clientId],
    servicePrincipalType: 'Application',
    signInAudience: 'AzureADMyOrg',
    tags: [],
    tokenEncryptionKeyId: null,
    addIns: [],
    appRoles: [],
    info: {},
    keyCredentials: [],
    oauth2PermissionScopes: [],
    passwordCredentials: passwords.map((password) => toPasswordCredential(password)),
    resourceSpecificApplicationPermissions: [],
  };
}
