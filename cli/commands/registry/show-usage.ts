// `az acr show-usage`: quotas and what is used of them.
import { command } from '../../command.ts';
import { registryByName } from '../../options/registry.ts';
import { column, listAt, type View } from '../../output/view.ts';

const usageView: View = {
  columns: {
    NAME: column('name'),
    LIMIT: column('limit'),
    'CURRENT VALUE': column('currentValue'),
    UNIT: column('unit'),
  },
  rows: (result) => listAt(result, 'value'),
};

export default command({
  options: registryByName,
  examples: [
    { purpose: 'See how full a registry is.', line: 'acrc show-usage -n myregistry -o table' },
    {
      purpose: 'Get the bytes it uses.',
      line: 'acrc show-usage -n myregistry --query "value[?name==\'Size\'].currentValue" -o tsv',
    },
  ],
  view: usageView,
  async run(options, context) {
    return (await context.arm()).get(`${(await context.registry(options)).path}/listUsages`);
  },
});
