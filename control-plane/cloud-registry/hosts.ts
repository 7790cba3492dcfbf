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
  /** Where connected registries call: `dataEndpointHostNames`, `gatewayEndpoint`. */
  dataEndpoint(registry: Registry): string;
  /** For a new registry: a port that is free now; undefined where registries share one. */
  assignPort(taken: ReadonlySet<number | undefined>): Promise<number | undefined>;
}

const portsTriedMax = 1000;

/** @param firstPort registries get ports from here up; 0: any free one */
export function localHosts(host: string, firstPort: number): Hosts {
  const name = (registry: Registry): string => `localhost:${registry.properties.port}`;
  return {
    loginServer: name,
    dataEndpoint: name,
    assignPort: async (taken) => {
      if (firstPort === 0) return freePort(host, 0);
      for (let port = firstPort; port < firstPort + portsTriedMax && port < 65_536; port++) {
        const free = taken.has(port) ? undefined : await freePort(host, port);
        if (free !== undefined) return free;
      }
      throw new Error(`no free port for a registry: tried ${portsTriedMax} from ${firstPort} on`);
    },
  };
}

/** @param domain `acr.example.com`, with `:port` when clients need one */
export function domainHosts(domain: string): Hosts {
  return {
    loginServer: ({ name }) => `${name.toLowerCase()}.${domain}`,
    dataEndpoint: ({ name, location }) => `${name.toLowerCase()}.${location}.data.${domain}`,
    assignPort: async () => undefined,
  };
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
