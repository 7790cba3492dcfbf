// What routes need, as Azure names it (Azure resource provider operations), read off their paths.
import { assert, describe } from '../../fixtures/describe.ts';
import { ArmError } from './errors.ts';
import { actionOf, anyCaller, checkRouteAction, routeActionOf } from './route-action.ts';
import { routePaths } from './route-paths.ts';

const params = { subscription: 's', resourceGroup: 'g', registry: 'r', name: 'n', operation: 'o' };
const registries = 'Microsoft.ContainerRegistry/registries';
const group = '/subscriptions/s/resourceGroups/g';
const registry = `${group}/providers/${registries}/r`;

describe('what a route needs', ({ test }) => {
  const rows: [string, string, string, string, boolean][] = [
    ['GET', routePaths.subscription, 'Microsoft.Resources/subscriptions/read', '/subscriptions/s', false],
    [
      'GET',
      `${routePaths.subscription}/resourceGroups`,
      'Microsoft.Resources/subscriptions/resourceGroups/read',
      '/subscriptions/s',
      true,
    ],
    [
      'DELETE',
      routePaths.resourceGroup,
      'Microsoft.Resources/subscriptions/resourceGroups/delete',
      group,
      false,
    ],
    ['GET', routePaths.registries, `${registries}/read`, group, true],
    ['PUT', routePaths.registry, `${registries}/write`, registry, false],
    [
      'PATCH',
      `${routePaths.registry}/tokens/:name`,
      `${registries}/tokens/write`,
      `${registry}/tokens/n`,
      false,
    ],
    ['GET', `${routePaths.registry}/tokens`, `${registries}/tokens/read`, registry, false],
    ['POST', `${routePaths.registry}/importImage`, `${registries}/importImage/action`, registry, false],
    [
      'POST',
      `${routePaths.registry}/connectedRegistries/:name/deactivate`,
      `${registries}/connectedRegistries/deactivate/action`,
      `${registry}/connectedRegistries/n`,
      false,
    ],
    [
      'GET',
      `${routePaths.registry}/operationStatuses/:operation`,
      `${registries}/operationStatuses/read`,
      registry,
      false,
    ],
    [
      'GET',
      `${routePaths.providerInSubscription}/locations/:location/operationResults/:operation`,
      'Microsoft.ContainerRegistry/locations/operationResults/read',
      '/subscriptions/s',
      true,
    ],
    [
      'PUT',
      `${routePaths.registry}/providers/Microsoft.Authorization/roleAssignments/:name`,
      'Microsoft.Authorization/roleAssignments/write',
      `${registry}/providers/Microsoft.Authorization/roleAssignments/n`,
      false,
    ],
    ['HEAD', `${routePaths.registry}/tasks/*`, `${registries}/tasks/read`, registry, false],
  ];
  for (const [method, path, action, scope, within] of rows) {
    test(`${method} ${path}: ${action}`, () => {
      assert.equal(actionOf(method, path), action);
      assert.deepEqual(routeActionOf(method, path, params, undefined), { action, scope, within });
    });
  }

  test('is what its configuration says, where that says it', () => {
    assert.equal(routeActionOf('POST', routePaths.registry, params, 'A/b/read').action, 'A/b/read');
  });

  test('must be said by a route that is about nothing with roles', () => {
    assert.throws(() => checkRouteAction('GET', '/providers', undefined), /anyCaller/);
    checkRouteAction('GET', '/providers', anyCaller);
    checkRouteAction('GET', routePaths.subscription, undefined);
  });

  test('is never at a name that holds a slash', () => {
    assert.throws(
      () => routeActionOf('GET', routePaths.registry, { ...params, registry: 'r/tokens/n' }, undefined),
      (error: unknown) => error instanceof ArmError && error.code === 'InvalidRequestContent',
    );
  });
});
