// How many requests came, what they were answered and how long that took: by what was asked for, never by the name of a
// repository, whose number has no bound. It stands around the handler, so that answers which are recalled count as well.
import type { IncomingMessage, RequestListener } from 'node:http';
import type { Metric } from './text.ts';

export interface RequestMetrics {
  /** The same handler, counted. */
  watch(handler: RequestListener): RequestListener;
  collect(): readonly Metric[];
}

interface Observed {
  method: string;
  route: string;
  byCode: Map<number, number>;
  /** Of each bucket alone; the last one is for what took longer than all. */
  buckets: number[];
  seconds: number;
}

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

export function createRequestMetrics(nowMs: () => number): RequestMetrics {
  const all = new Map<string, Observed>();
  const observedOf = (request: IncomingMessage): Observed => {
    const { method = '' } = request;
    const known = methods.has(method) ? method : 'OTHER';
    const route = routeOf(request.url ?? '');
    const key = `${known} ${route}`;
    let observed = all.get(key);
    if (!observed) {
      const buckets = Array.from({ length: bucketsSeconds.length + 1 }, () => 0);
      observed = { method: known, route, byCode: new Map(), buckets, seconds: 0 };
      all.set(key, observed);
    }
    return observed;
  };
  return {
    watch: (handler) => (request, response) => {
      const begunAtMs = nowMs();
      // Before the handler: it may rewrite the URL.
      const observed = observedOf(request);
      response.once('close', () => {
        const seconds = (nowMs() - begunAtMs) / 1000;
        const code = response.headersSent ? response.statusCode : clientGone;
        observed.byCode.set(code, (observed.byCode.get(code) ?? 0) + 1);
        observed.seconds += seconds;
        const found = bucketsSeconds.findIndex((bound) => seconds <= bound);
        observed.buckets[found < 0 ? bucketsSeconds.length : found]! += 1;
      });
      handler(request, response);
    },
    collect: () => [requestsOf([...all.values()]), durationsOf([...all.values()])],
  };
}

function requestsOf(all: readonly Observed[]): Metric {
  const samples = all.flatMap(({ method, route, byCode }) =>
    [...byCode].map(([code, value]) => ({ labels: { method, route, code: String(code) }, value })),
  );
  const help = 'Requests that were answered, by route and status; 499 where the client went away first.';
  return { name: 'acrc_http_requests_total', help, type: 'counter', samples };
}

function durationsOf(all: readonly Observed[]): Metric {
  const samples = all.flatMap(({ method, route, buckets, seconds }) => {
    let count = 0;
    const cumulative = buckets.map((inBucket, index) => {
      count += inBucket;
      const le = String(bucketsSeconds[index] ?? '+Inf');
      return { suffix: '_bucket', labels: { method, route, le }, value: count };
    });
    const labels = { method, route };
    return [
      ...cumulative,
      { suffix: '_sum', labels, value: seconds },
      { suffix: '_count', labels, value: count },
    ];
  });
  const help = 'Until the last byte of the answer was sent. A gateway sync waits for news.';
  return { name: 'acrc_http_request_duration_seconds', help, type: 'histogram', samples };
}
