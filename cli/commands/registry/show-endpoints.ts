// `az acr show-endpoints`: where clients pull, and where data comes from, for firewalls.
import { command } from '../../command.ts';
import type { Registry } from '../../client/resources.ts';
import { registryByName } from '../../options/registry.ts';
import { at, column, listAt, type View } from '../../output/view.ts';

interface Endpoint {
  region: string;
  endpoint: string;
}

const endpointsView: View = {
  columns: { LoginServer: column('loginServer'), Region: column('region'), Endpoint: column('endpoint') },
  rows: (result) => {
    const loginServer = at(result, 'loginServer');
    return listAt(result, 'dataEndpoints').map((one) => ({
      loginServer,
      region: at(one, 'region'),
      endpoint: at(one, 'endpoint'),
    }));
  },
};

export default command({
  options: registryByName,
  examples: [
    { purpose: 'Show the endpoints of a registry.', line: 'acrc show-endpoints -n myregistry' },
    {
      purpose: 'Get the login server, for the rules of a firewall.',
      line: 'acrc show-endpoints -n myregistry --query loginServer -o tsv',
    },
  ],
  view: endpointsView,
  async run(options, context) {
    const arm = await context.arm();
    const { name, properties } = await arm.get<Registry>((await context.registry(options)).path);
    const { loginServer, dataEndpointEnabled, dataEndpointHostNames = [] } = properties;
    if (!dataEndpointEnabled) {
      context.warn(
        `The registry has no data endpoints. To enable them: acrc update -n ${name} --data-endpoint-enabled true`,
      );
    }
    const dataEndpoints = dataEndpointHostNames.map((endpoint): Endpoint => ({
      region: endpoint.split('.')[1]!,
      endpoint,
    }));
    return { loginServer, dataEndpoints };
  },
});
