// Ids in every spelling, and references that must not be taken for a sibling's.
import { assert, describe } from '../../fixtures/describe.ts';
import { ArmError } from './errors.ts';
import {
  childId,
  keyOf,
  nameOf,
  parseRegistryId,
  parseSibling,
  registryKeyOf,
  resourceTypes,
} from './resource-id.ts';

const registry =
  '/subscriptions/1111/resourceGroups/Acr-RG/providers/Microsoft.ContainerRegistry/registries/MyRegistry';
const token = childId(registry, resourceTypes.token, 'clientA');

describe('resource ids', ({ test }) => {
  test('are built below their registry and equal whatever their case', () => {
    assert.equal(token, `${registry}/tokens/clientA`);
    assert.equal(keyOf(token), keyOf(token.toUpperCase()));
    assert.equal(nameOf(token), 'clientA');
    assert.equal(registryKeyOf(token), keyOf(registry));
  });

  test('of a sibling are accepted in any case', () => {
    assert.equal(parseSibling(token.toUpperCase(), resourceTypes.token, registry, 'tokenId'), keyOf(token));
  });

  const wrong = {
    'of another type': childId(registry, resourceTypes.scopeMap, 'clientA'),
    'of another registry': token.replace('MyRegistry', 'Another1'),
    'of an unknown type': `${registry}/constructor/clientA`,
    'that go deeper': `${token}/passwords`,
    'that are none': 'clientA',
    'that are empty': '',
  };
  for (const [what, id] of Object.entries(wrong)) {
    test(`${what} are refused as a sibling`, () => {
      assert.throws(
        () => parseSibling(id, resourceTypes.token, registry, 'tokenId'),
        (error) =>
          error instanceof ArmError && error.code === 'LinkedInvalidPropertyId' && error.target === 'tokenId',
      );
    });
  }

  test('of a registry are told from others', () => {
    assert.equal(parseRegistryId(registry, 'source'), keyOf(registry));
    assert.throws(() => parseRegistryId(token, 'source'), ArmError);
  });
});
