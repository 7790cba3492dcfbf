// What HTTP itself asks of the distribution API: conditions, ranges (RFC 9110 sections 13 and 14), and methods that a path does
// not answer to.
import { describe } from '../../fixtures/describe.ts';
import { askRow, type HttpRow } from '../../fixtures/http-rows.ts';
import { buildImage, storeImage } from '../../fixtures/images/stored.ts';
import { startRegistry, type TestRegistry } from '../../fixtures/registry.ts';
import { digestOf } from '../oci/digest.ts';
import { mediaTypes } from '../oci/media-type.ts';

const image = buildImage('http', [1500]);
const layer = image.blobs[1]!;
const blob = `/v2/team/app/blobs/${layer.digest}`;
const missing = digestOf('missing');
const json = 'application/json; charset=utf-8';

const rows: HttpRow[] = [
  {
    name: 'end-2: what the client has',
    ask: `GET ${blob}`,
    headers: { 'if-none-match': `"other", W/"${layer.digest}"` },
    status: 304,
  },
  {
    name: 'end-2: the head of what the client has',
    ask: `HEAD ${blob}`,
    headers: { 'if-none-match': '*' },
    status: 304,
  },
  {
    name: 'end-2: several ranges at once are answered with the whole',
    ask: `GET ${blob}`,
    headers: { range: 'bytes=0-1, 4-5' },
    status: 200,
    expect: { 'content-length': '1500', 'accept-ranges': 'bytes', 'docker-content-digest': layer.digest },
  },
  {
    name: 'end-2: a range for the blob as it is',
    ask: `GET ${blob}`,
    headers: { range: 'bytes=0-1', 'if-range': `"${layer.digest}"` },
    status: 206,
  },
  {
    name: 'end-2: a range for what may be the same, but is not said to be',
    ask: `GET ${blob}`,
    headers: { range: 'bytes=0-1', 'if-range': `W/"${layer.digest}"` },
    status: 200,
  },
  {
    name: 'end-3: the head of what the client has, among others',
    ask: 'HEAD /v2/team/app/manifests/v1',
    headers: { 'if-none-match': `"other", "${image.digest}"` },
    status: 304,
  },
  {
    name: 'end-3: a type that the client did not ask for, as it was pushed',
    ask: 'GET /v2/team/app/manifests/v1',
    headers: { accept: mediaTypes.dockerManifest },
    status: 200,
    expect: { 'content-type': mediaTypes.ociManifest, 'docker-content-digest': image.digest },
  },
  {
    name: 'end-2: a range',
    ask: `GET ${blob}`,
    headers: { range: 'bytes=500-999' },
    status: 206,
    expect: { 'content-range': 'bytes 500-999/1500', 'content-length': '500' },
  },
  {
    name: 'end-2: a range for another blob than it was',
    ask: `GET ${blob}`,
    headers: { range: 'bytes=500-999', 'if-range': '"other"' },
    status: 200,
  },
  {
    name: 'end-2: a range behind the end',
    ask: `GET ${blob}`,
    headers: { range: 'bytes=1500-' },
    status: 416,
    code: 'UNSUPPORTED',
    expect: { 'content-range': 'bytes */1500', 'content-type': json },
  },
  {
    name: 'end-3: what the client has',
    ask: 'GET /v2/team/app/manifests/v1',
    headers: { 'if-none-match': `"${image.digest}"` },
    status: 304,
  },
  ...(
    [
      ['POST /v2/', 'GET, HEAD'],
      ['DELETE /v2/_catalog', 'GET, HEAD'],
      [`PUT ${blob}`, 'GET, HEAD, DELETE'],
      ['PATCH /v2/team/app/manifests/v1', 'GET, HEAD, PUT, DELETE'],
      ['GET /v2/team/app/blobs/uploads/', 'POST'],
      ['POST /v2/team/app/blobs/uploads/some', 'PATCH, PUT, GET, HEAD, DELETE'],
      ['PUT /v2/team/app/tags/list', 'GET, HEAD'],
      [`OPTIONS /v2/team/app/referrers/${missing}`, 'GET, HEAD'],
    ] as const
  ).map(([ask, allow]) => ({
    name: `a wrong method: ${ask.replace(/sha256:.*/, 'a digest')}`,
    ask,
    status: 405,
    code: 'UNSUPPORTED',
    expect: { allow },
  })),
  { name: 'the head of a list', ask: 'HEAD /v2/team/app/tags/list', status: 200 },
];

describe('HTTP on the distribution API', ({ test, before, after }) => {
  let registry: TestRegistry;
  before(async () => {
    registry = await startRegistry();
    await storeImage(registry.content, 'team/app', image, ['v1']);
  });
  after(() => registry.close());

  for (const row of rows) test(row.name, () => askRow(registry, row));
});
