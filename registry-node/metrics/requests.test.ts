// Rows of paths with the routes they are counted under, and what is counted.
import { EventEmitter } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Registry } from 'prom-client';
import { assert, describe } from '../../fixtures/describe.ts';
import { parseMetrics } from '../../fixtures/scrape.ts';
import { routeOf, watchRequests } from './requests.ts';

describe('the metrics of requests', ({ test }) => {
  const rows: [string, string][] = [
    ['/v2/', '/v2/'],
    ['/v2/_catalog?n=5', '/v2/_catalog'],
    ['/v2/team/app/manifests/v1', '/v2/<name>/manifests/<reference>'],
    ['/v2/manifests/manifests/manifests/v1', '/v2/<name>/manifests/<reference>'],
    ['/v2/team/app/blobs/sha256:aa', '/v2/<name>/blobs/<digest>'],
    ['/v2/app/blobs/uploads/', '/v2/<name>/blobs/uploads/<id>'],
    ['/v2/app/blobs/uploads/1?digest=sha256:aa', '/v2/<name>/blobs/uploads/<id>'],
    ['/v2/app/tags/list', '/v2/<name>/tags/list'],
    ['/v2/app/referrers/sha256:aa', '/v2/<name>/referrers/<digest>'],
    ['/acr/connected-registries/site1/sync', 'gateway sync'],
    ['/acr/connected-registries/site1/notify', 'gateway'],
    ['/acr/oauth2/token?scope=a', 'sign-in'],
    ['/acr/v1/_catalog', '/acr/v1/'],
    ['/readyz', 'health'],
    ['/subscriptions/1/resourceGroups', 'management'],
    ['/whatever', 'other'],
  ];
  for (const [url, route] of rows) test(`${url} is ${route}`, () => assert.equal(routeOf(url), route));

  test('count by route and status, with the time that each took', async () => {
    let nowMs = 0;
    const registry = new Registry();
    const watch = watchRequests(registry, () => nowMs);
    const ask = (method: string, url: string, statusCode: number, ms: number, headersSent = true): void => {
      const response = Object.assign(new EventEmitter(), { statusCode, headersSent });
      const handler = watch((request) => {
        request.url = '/rewritten';
      });
      handler({ method, url } as IncomingMessage, response as unknown as ServerResponse);
      nowMs += ms;
      response.emit('close');
    };
    ask('GET', '/v2/app/manifests/v1', 200, 0);
    ask('GET', '/v2/other/manifests/v1', 200, 700_000);
    ask('GET', '/v2/app/manifests/v2', 404, 4000);
    ask('GET', '/v2/app/manifests/v2', 200, 4000, false);
    ask('BREW', '/', 405, 1);
    const { values } = parseMetrics(await registry.metrics());
    const of = 'method="GET",route="/v2/<name>/manifests/<reference>"';
    const expected: [string, number][] = [
      [`acrc_http_requests_total{${of},code="200"}`, 2],
      [`acrc_http_requests_total{${of},code="404"}`, 1],
      [`acrc_http_requests_total{${of},code="499"}`, 1],
      ['acrc_http_requests_total{method="OTHER",route="other",code="405"}', 1],
      [`acrc_http_request_duration_seconds_bucket{le="0.001",${of}}`, 1],
      [`acrc_http_request_duration_seconds_bucket{le="2.5",${of}}`, 1],
      [`acrc_http_request_duration_seconds_bucket{le="300",${of}}`, 3],
      [`acrc_http_request_duration_seconds_bucket{le="+Inf",${of}}`, 4],
      [`acrc_http_request_duration_seconds_count{${of}}`, 4],
      [`acrc_http_request_duration_seconds_sum{${of}}`, 708],
    ];
    for (const [name, value] of expected) assert.equal(values.get(name), value, name);
  });
});
