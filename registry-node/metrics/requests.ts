// How many requests came, what they were answered and how long that took: by what was asked for, never by the name of a
// repository, whose number has no bound. It stands around the handler, so that answers which are recalled count as well.
import type { IncomingMessage, RequestListener } from 'node:http';
import { Counter, Histogram, type Registry } from 'prom-client';

const bucketsSeconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300];
const methods: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);
/** The client went away before there was an answer, as nginx says it. */
const clientGone = 499;

const routes: readonly (readonly [pattern: RegExp, route: string])[] = [
  [/^\/v2\/?$/, '/v2/'],
  [/^\/v2\/.+\/manifests\/[^/]+$/, '/v2/<name>/manifests/<reference>'],
  [/^\/v2\/.+\/blobs\/uploads(\/[^/]*)?$/, '/v2/<name>/blobs/uploads/<id>'],
  [/^\/v2\/.+\/blobs\/[^/]+$/, '/v2/<name>/blobs/<digest>'],
  [/^\/v2\/.+\/tags\/list$/, '/v2/<name>/tags/list'],
  [/^\/v2\/.+\/referrers\/[^/]+$/, '/v2/<name>/referrers/<digest>'],
  [/^\/v2\/_catalog$/, '/v2/_catalog'],
  [/^\/acr\/connected-registries\/[^/]+\/sync$/, 'gateway sync'],
  [/^\/acr\/connected-registries\/[^/]+\/[a-z]+$/, 'gateway'],
  [/^\/acr\/v1\//, '/acr/v1/'],
  [/\/oauth2\//, 'sign-in'],
  [/^\/(healthz|readyz)$/, 'health'],
  [/^\/(subscriptions|providers)(\/|$)/i, 'management'],
];

export function routeOf(url: string): string {
  const query = url.indexOf('?');
  const path = query < 0 ? url : url.slice(0, query);
  return routes.find(([pattern]) => pattern.test(path))?.[1] ?? 'other';
}

/** @returns a wrapper: the same handler, counted in `registry` */
export function watchRequests(
  registry: Registry,
  nowMs: () => number,
): (handler: RequestListener) => RequestListener {
  const requests = new Counter({
    name: 'acrc_http_requests_total',
    help: 'Requests that were answered, by route and status; 499 where the client went away first.',
    labelNames: ['method', 'route', 'code'],
    registers: [registry],
  });
  const durations = new Histogram({
    name: 'acrc_http_request_duration_seconds',
    help: 'Until the last byte of the answer was sent. A gateway sync waits for news.',
    labelNames: ['method', 'route'],
    buckets: bucketsSeconds,
    registers: [registry],
  });
  return (handler) => (request, response) => {
    const begunAtMs = nowMs();
    // Before the handler: it may rewrite the URL.
    const labels = { method: methodOf(request), route: routeOf(request.url ?? '') };
    response.once('close', () => {
      const code = response.headersSent ? response.statusCode : clientGone;
      requests.inc({ ...labels, code: String(code) });
      durations.observe(labels, (nowMs() - begunAtMs) / 1000);
    });
    handler(request, response);
  };
}

function methodOf({ method = '' }: IncomingMessage): string {
  return methods.has(method) ? method : 'OTHER';
}
