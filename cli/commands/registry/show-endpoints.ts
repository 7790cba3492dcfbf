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
  columns: { loginServer: column('loginServer'), region: column('region'), endpoint: column('endpoint') },
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
  examples: [{ purpose: 'Show the endpoints of a registry.', line: 'acrc show-endpoints -n myregistry' }],
  view: endpointsView,
  async run(options, context) {
    const arm = await context.arm();
    const { name, location, properties } = await arm.get<Registry>((await context.registry(options)).path);
    const { loginServer, dataEndpointEnabled, dataEndpointHostNames = [] } = properties;
    if (!dataEndpointEnabled) {
      context.warn(
        `The registry has no data endpoints. To enable them: acrc update -n ${name} --data-endpoint-enabled true`,
      );
    }
    // A local data endpoint is `localhost:<port>`, whose host has no region in it.
    const dataEndpoints = dataEndpointHostNames.map((endpoint): Endpoint => {
      const labels = endpoint.split('.');
      return { region: labels.length > 2 ? labels[1]! : location, endpoint };
    });
    return { loginServer, dataEndpoints };
  },
});
