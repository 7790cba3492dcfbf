// `az configure --defaults`: values for options that a user would otherwise type each time.
import { command } from '../command.ts';
import { configuredNames, readDefaults, type StoredDefaults, writeDefaults } from '../defaults.ts';
import { failure } from '../errors.ts';
import { flag, list } from '../parse/option.ts';

export default command({
  description: `Defaults: ${configuredNames.join(', ')}. An empty value removes one.`,
  options: {
    defaults: list('--defaults -d', 'Space-separated name=value pairs.'),
    listDefaults: flag('--list-defaults -l', 'Show the defaults that are kept.'),
  },
  examples: [
    {
      purpose: 'Keep a registry and a resource group.',
      line: 'acrc configure --defaults acr=myregistry group=acr-rg',
    },
    { purpose: 'Forget the registry again.', line: "acrc configure --defaults acr=''" },
  ],
  async run({ defaults, listDefaults }, { home }) {
    if (defaults !== undefined) await writeDefaults(home, Object.fromEntries(defaults.map(parsePair)));
    if (defaults !== undefined && !listDefaults) return undefined;
    const kept = await readDefaults(home);
    return Object.entries(kept).map(([name, value]) => ({
      name,
      source: `${home.folder}/config.json`,
      value,
    }));
  },
});

function parsePair(pair: string): [keyof StoredDefaults, string] {
  const equals = pair.indexOf('=');
  const name = configuredNames.find((known) => known === pair.slice(0, Math.max(equals, 0)));
  if (name !== undefined) return [name, pair.slice(equals + 1)];
  throw failure(
    `usage error: --defaults takes name=value pairs with the names ${configuredNames.join(', ')}.`,
  );
}
