// The tree of connected registries: every branch is found, whatever the case of ids, and a loop ends.
import { assert, describe } from '../../fixtures/describe.ts';
import { Hierarchy } from './hierarchy.ts';
import type { ConnectedRegistry } from './resources.ts';

function node(name: string, parent?: string): ConnectedRegistry {
  const id = (name: string): string => `/registries/r/connectedRegistries/${name}`;
  return {
    id: id(name),
    name,
    type: 'connectedRegistries',
    properties: {
      mode: 'ReadWrite',
      parent: {
        syncProperties: { tokenId: `/tokens/${name}` },
        ...(parent !== undefined && { id: id(parent) }),
      },
    },
  };
}
const names = (all: readonly ConnectedRegistry[]): string[] => all.map(({ name }) => name);

describe('the hierarchy', ({ test }) => {
  const tree = new Hierarchy([
    node('top'),
    node('left', 'TOP'),
    node('right', 'top'),
    node('leftLeaf', 'left'),
    node('rightLeaf', 'right'),
    node('alone'),
  ]);
  test('ancestors go from the parent to the root', () => {
    assert.deepEqual(names(tree.ancestors(tree.find('leftleaf')!)), ['left', 'top']);
  });
  test('descendants are those of every branch, parents first', () => {
    assert.deepEqual(names(tree.descendants(tree.find('top')!)), ['left', 'leftLeaf', 'right', 'rightLeaf']);
  });
  test('one whose name ends like the parent is no child', () => {
    assert.deepEqual(
      names(
        new Hierarchy([node('child'), node('grandchild'), node('x', 'grandchild')]).children(node('child')),
      ),
      [],
    );
  });
  test('a loop does not hang', () => {
    const loop = new Hierarchy([node('a', 'b'), node('b', 'a')]);
    assert.ok(loop.ancestors(loop.find('a')!).length > 0);
    assert.ok(loop.descendants(loop.find('a')!).length > 0);
  });
});
