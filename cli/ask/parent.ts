// The parent of a new connected registry, chosen from the tree of those there are.
import { type Hierarchy, readHierarchy } from '../client/hierarchy.ts';
import type { ConnectedRegistry } from '../client/resources.ts';
import type { Choice } from './person.ts';
import type { Ask } from './question.ts';

export const askParent: Ask = async (_option, { person, context, values }) => {
  const id = await context.registry({ registry: String(values.registry), group: groupOf(values) });
  const tree = await readHierarchy(await context.arm(), id.child('connectedRegistries'));
  if (tree.all.length === 0) return undefined;
  const cloud = { name: `${id.name} (the cloud registry)`, value: '' };
  const chosen = await person.choose('Its parent:', [cloud, ...below(tree, String(values.mode))]);
  return chosen || undefined;
};

/** Each parent before its children, drawn as a tree. */
function below(tree: Hierarchy, mode: string): Choice[] {
  const draw = (ones: readonly ConnectedRegistry[], indent: string): Choice[] =>
    ones.flatMap((one, at) => {
      const last = at === ones.length - 1;
      return [
        {
          name: `${indent}${last ? '└─' : '├─'} ${one.name} (${one.properties.mode})`,
          value: one.name,
          short: one.name,
          disabled:
            mode === 'ReadWrite' && one.properties.mode === 'ReadOnly' && 'takes only ReadOnly ones below it',
        },
        ...draw(tree.children(one), `${indent}${last ? '   ' : '│  '}`),
      ];
    });
  return draw(
    tree.all.filter((one) => tree.parentOf(one) === undefined),
    '',
  );
}

function groupOf({ group }: Readonly<Record<string, unknown>>): string | undefined {
  return typeof group === 'string' ? group : undefined;
}
