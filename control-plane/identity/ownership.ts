// The owner of the credential file has the role Owner in the subscription, from the first start on and after every other.
import { randomUUID } from 'node:crypto';
import type { Clock } from '../../registry-node/clock.ts';
import { keyOf, subscriptionId } from '../arm/resource-id.ts';
import { createdBy } from '../arm/system-data.ts';
import { roleAssignmentKind } from '../resources/role-assignments/schema.ts';
import { ownerRole } from '../resources/role-definitions/built-in.ts';
import type { Resources } from '../store/resources.ts';
import type { Settings } from '../store/settings.ts';
import type { ServicePrincipal } from './service-principals.ts';

export async function giveOwnership(
  resources: Resources,
  { objectId, clientId }: ServicePrincipal,
  settings: Settings,
  clock: Clock,
): Promise<void> {
  const scope = subscriptionId(settings.subscriptionId);
  await resources.change(async (change) => {
    const has = (await change.list(roleAssignmentKind, keyOf(scope))).some(
      ({ properties }) => properties.principalId === objectId && properties.role === ownerRole.guid,
    );
    if (has) return;
    const name = randomUUID();
    const caller = { clientId, objectId, tenantId: settings.tenantId };
    await change.put(
      {
        id: `${scope}/providers/${roleAssignmentKind.type}/${name}`,
        type: roleAssignmentKind.type,
        name,
        systemData: createdBy(caller, clock.now()),
        properties: { role: ownerRole.guid, principalId: objectId, scope, description: undefined },
      },
      keyOf(scope),
    );
  });
}
