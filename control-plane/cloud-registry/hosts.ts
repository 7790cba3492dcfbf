// Under which names clients reach a registry. Local mode: each registry has a port of its own on this machine,
// because `localhost:5100` needs no DNS and Docker trusts it. With a domain: names below it, told apart by the Host
// header.
import { createServer } from 'node:net';
import type { RegistryProperties } from '../resources/registries/schema.ts';
import type { Resource } from '../store/resource.ts';

type Registry = Resource<RegistryProperties>;

export interface Hosts {
  /** What clients put in front of a repository. */
  loginServer(registry: Registry): string;
  /** `dataEndpointHostNames`. Its second label is the region: `az acr show-endpoints` reads it there. */
  dataEndpoint(registry: Registry): string;
  /** Where connected registries call: `gatewayEndpoint`. */
  gatewayEndpoint(registry: Registry): string;
  /** For a new registry: a port that is free now; undefined where registries share one. */
  assignPort(taken: ReadonlySet<number | undefined>): Promise<number | undefined>;
}

const portsTriedMax = 1000;

/** @param firstPort registries get ports from here up; 0: any free one */
export function localHosts(host: string, firstPort: number): Hosts {
  const address = ({ properties }: Registry): string => `localhost:${properties.port}`;
  return {
    loginServer: address,
    dataEndpoint: (registry) => `${dataLabels(registry)}.${address(registry)}`,
    // Not every resolver knows names below localhost.
    gatewayEndpoint: address,
    assignPort: async (taken) => {
      for (let tried = 0; tried < portsTriedMax && firstPort + tried < 65_536; tried++) {
        const wanted = firstPort && firstPort + tried;
        const free = taken.has(wanted) ? undefined : await freePort(host, wanted);
        // Also a free one may be taken: by a registry that does not listen yet.
        if (free !== undefined && !taken.has(free)) return free;
      }
      throw new Error(`no free port for a registry: tried ${portsTriedMax} from ${firstPort} on`);
    },
  };
}

/** @param domain `acr.example.com`, with `:port` when clients need one */
export function domainHosts(domain: string): Hosts {
  const dataEndpoint = (registry: Registry): string => `${dataLabels(registry)}.${domain}`;
  return {
    loginServer: ({ name }) => `${name.toLowerCase()}.${domain}`,
    dataEndpoint,
    gatewayEndpoint: dataEndpoint,
    assignPort: async () => undefined,
  };
}

function dataLabels({ name, location }: Registry): string {
  return `${name.toLowerCase()}.${location}.data`;
}

/** The port, once it could be bound; undefined when another process has it. */
function freePort(host: string, port: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(undefined));
    server.listen(port, host, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' ? address?.port : undefined));
    });
  });
}
