// The roles there are: Azure's own, by their ids and actions (Azure built-in roles), as far as a control plane of
// registries has use for them.
export interface Role {
  /** The last segment of its id, the same in every tenant. */
  guid: string;
  name: string;
  description: string;
  actions: readonly string[];
  notActions: readonly string[];
}

const registries = 'Microsoft.ContainerRegistry/registries';
const role = (
  guid: string,
  name: string,
  description: string,
  actions: readonly string[],
  notActions: readonly string[] = [],
): Role => ({ guid, name, description, actions, notActions });

export const builtInRoles: readonly Role[] = [
  role(
    '8e3af657-a8ff-443c-a75c-2fe8c4bcb635',
    'Owner',
    'Grants full access to manage all resources, including the ability to assign roles in Azure RBAC.',
    ['*'],
  ),
  role(
    'b24988ac-6180-42a0-ab88-20f7382dd24c',
    'Contributor',
    'Grants full access to manage all resources, but does not allow you to assign roles in Azure RBAC, manage assignments in Azure Blueprints, or share image galleries.',
    ['*'],
    [
      'Microsoft.Authorization/*/Delete',
      'Microsoft.Authorization/*/Write',
      'Microsoft.Authorization/elevateAccess/Action',
      'Microsoft.Blueprint/blueprintAssignments/write',
      'Microsoft.Blueprint/blueprintAssignments/delete',
      'Microsoft.Compute/galleries/share/action',
    ],
  ),
  role(
    'acdd72a7-3385-48ef-bd42-f606fba81ae7',
    'Reader',
    'View all resources, but does not allow you to make any changes.',
    ['*/read'],
  ),
  role(
    '18d7d88d-d35e-4fb5-a5c3-7773c20a72d9',
    'User Access Administrator',
    'Lets you manage user access to Azure resources.',
    ['*/read', 'Microsoft.Authorization/*', 'Microsoft.Support/*'],
  ),
  role('7f951dda-4ed3-4680-a7ca-43fe172d538d', 'AcrPull', 'acr pull', [`${registries}/pull/read`]),
  role('8311e382-0749-4cb8-b61a-304f252e45ec', 'AcrPush', 'acr push', [
    `${registries}/pull/read`,
    `${registries}/push/write`,
  ]),
  role('c2f4ef07-c644-48eb-af81-4b1b4947fb11', 'AcrDelete', 'acr delete', [`${registries}/artifacts/delete`]),
  role('6cef56e8-d556-48e5-a04f-b8e64114680f', 'AcrImageSigner', 'acr image signer', [
    `${registries}/sign/write`,
  ]),
];

/** By the last segment of its id. */
export function findRole(guid: string): Role | undefined {
  return builtInRoles.find((each) => each.guid === guid.toLowerCase());
}

export const ownerRole = builtInRoles[0]!;

/** May who has the role do `action`? */
export function allows({ actions, notActions }: Role, action: string): boolean {
  return actions.some((each) => matches(each, action)) && !notActions.some((each) => matches(each, action));
}

/** `*` stands for any characters, slashes included; case does not matter. */
function matches(pattern: string, action: string): boolean {
  const parts = pattern.toLowerCase().split('*');
  const text = action.toLowerCase();
  const [first = ''] = parts;
  if (parts.length === 1) return text === first;
  if (!text.startsWith(first)) return false;
  let at = first.length;
  for (const part of parts.slice(1, -1)) {
    const found = text.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  const last = parts.at(-1)!;
  return text.length - last.length >= at && text.endsWith(last);
}
