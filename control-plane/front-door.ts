// Which server a request is for. Local mode: ARM and sign-in have a port, and every registry has its own. With a
// domain everything shares one port and the Host header decides.
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { OciError } from '../registry-node/oci/errors.ts';
import type { CloudRegistries } from './cloud-registry/registries.ts';
import type { ControlPlaneConfig } from './config.ts';

/** @param address the domain, with `:port` when clients need one */
export function domainHandler(
  address: string,
  arm: RequestListener,
  registries: CloudRegistries,
): RequestListener {
  const domain = withoutPort(address);
  return (request, response) => {
    const host = hostOf(request);
    if (host !== domain && host !== `management.${domain}` && host.endsWith(`.${domain}`)) {
      const handler = registryHandler(host.slice(0, -domain.length - 1), registries);
      if (handler) handler(request, response);
      else refuse(response, host);
      return;
    }
    arm(request, response);
  };
}

/** @param labels what precedes the domain: `name`, or `name.region.data` */
function registryHandler(labels: string, registries: CloudRegistries): RequestListener | undefined {
  const [name = '', region, data, ...more] = labels.split('.');
  const found = registries.named(name);
  const right = region === undefined || (region === found?.location && data === 'data' && more.length === 0);
  return right ? found?.handler : undefined;
}

/** The names that the certificate must cover. */
export function namesOf(config: ControlPlaneConfig, regions: ReadonlySet<string>): string[] {
  const domain = config.domain ? withoutPort(config.domain) : 'localhost';
  const dataEndpoints = [...regions].map((region) => `*.${region}.data.${domain}`);
  return config.domain
    ? [domain, `*.${domain}`, ...dataEndpoints]
    : [domain, '127.0.0.1', '::1', ...dataEndpoints];
}

/** Where clients reach ARM. */
export function endpointOf(config: ControlPlaneConfig, port: number): string {
  return config.domain ? `https://management.${config.domain}` : `https://localhost:${port}`;
}

function hostOf(request: IncomingMessage): string {
  return withoutPort((request.headers.host ?? '').toLowerCase());
}

function withoutPort(host: string): string {
  return host.replace(/:\d+$/, '');
}

function refuse(response: ServerResponse, host: string): void {
  const error = new OciError('NAME_UNKNOWN', `there is no registry at ${host}`);
  response
    .writeHead(error.status, { 'content-type': 'application/json' })
    .end(JSON.stringify(error.toBody()));
}
