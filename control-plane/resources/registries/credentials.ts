// The admin user over HTTP: one user with two passwords, who may do everything in the registry while it is enabled.
import type { FastifyInstance } from 'fastify';
import { ArmError } from '../../arm/errors.ts';
import { keyOf, resourceGroupOf, resourceGroupId } from '../../arm/resource-id.ts';
import { type RegistryParams, routePaths } from '../../arm/route-paths.ts';
import type { AdminPasswords } from '../../cloud-registry/admin-passwords.ts';
import type { Resource } from '../../store/resource.ts';
import { type ResourceContext, requireRegistry } from '../context.ts';
import { adminPasswordNames, regenerateCredentialSchema, type RegistryProperties } from './schema.ts';

interface Route {
  Params: RegistryParams;
}

export function adminCredentialRoutes(
  app: FastifyInstance,
  context: ResourceContext,
  adminPasswords: AdminPasswords,
): void {
  const { resources, settings, readBody } = context;

  const show = (registry: Resource<RegistryProperties>): object => {
    if (!registry.properties.adminUserEnabled) {
      throw new ArmError(
        'AdminUserDisabled',
        `The admin user of the registry ${registry.name} is disabled. Enable it by setting adminUserEnabled to true.`,
      );
    }
    const value = (name: (typeof adminPasswordNames)[number]) => adminPasswords.of(registry.properties, name);
    return {
      username: registry.name,
      passwords: adminPasswordNames.map((name) => ({ name, value: value(name) })),
    };
  };

  app.post<Route>(`${routePaths.registry}/listCredentials`, async (request) =>
    show(await requireRegistry(context, resources, request.params)),
  );

  app.post<Route>(`${routePaths.registry}/regenerateCredential`, async (request) => {
    const { name } = readBody(request, regenerateCredentialSchema);
    return resources.change(async (change) => {
      const before = await requireRegistry(context, change, request.params);
      const generations = before.properties.adminPasswordGenerations;
      const adminPasswordGenerations = { ...generations, [name]: generations[name] + 1 };
      const registry = { ...before, properties: { ...before.properties, adminPasswordGenerations } };
      const answer = show(registry);
      await change.put(
        registry,
        keyOf(resourceGroupId(settings.subscriptionId, resourceGroupOf(registry.id))),
      );
      return answer;
    });
  });
}
