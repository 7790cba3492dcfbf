// What is read of a registry by the distribution specification, over real HTTP: for each endpoint what is asked, and the status and
// headers of the answer. What changes it: distribution-changes.spec.ts.
import { describeRows, type HttpRow } from '../../fixtures/http-rows.ts';
import { buildImage } from '../../fixtures/images/stored.ts';
import { digestOf } from '../oci/digest.ts';
import { mediaTypes } from '../oci/media-type.ts';
import { parseRepositoryName } from '../oci/name.ts';

const app = parseRepositoryName('team/app');
const image = buildImage('distribution', [1500]);
const layer = image.blobs[1]!;
const missing = digestOf('missing');

const manifestHeaders = {
  'content-type': mediaTypes.ociManifest,
  'docker-content-digest': image.digest,
  'content-length': String(image.manifest.length),
  etag: `"${image.digest}"`,
};
const blobHeaders = {
  'docker-content-digest': layer.digest,
  'content-length': '1500',
  'content-type': 'application/octet-stream',
  'accept-ranges': 'bytes',
};
const blob = `/v2/team/app/blobs/${layer.digest}`;
const json = 'application/json; charset=utf-8';

const rows: HttpRow[] = [
  {
    name: 'end-1: it is a registry',
    ask: 'GET /v2/',
    status: 200,
    expect: { 'docker-distribution-api-version': 'registry/2.0' },
  },
  { name: 'end-1: without the last slash, too', ask: 'GET /v2', status: 200 },
  { name: 'end-1: its head', ask: 'HEAD /v2/', status: 200 },
  { name: 'end-2: a blob', ask: `GET ${blob}`, status: 200, expect: blobHeaders },
  { name: 'end-2: the head of a blob', ask: `HEAD ${blob}`, status: 200, expect: blobHeaders },
  { name: 'end-2: a name that is encoded', ask: `HEAD /v2/team%2Fapp/blobs/${layer.digest}`, status: 200 },
  {
    name: 'end-2: no such blob',
    ask: `GET /v2/team/app/blobs/${missing}`,
    status: 404,
    code: 'BLOB_UNKNOWN',
    expect: { 'content-type': json },
  },
  { name: 'end-2: the head of no such blob', ask: `HEAD /v2/team/app/blobs/${missing}`, status: 404 },
  {
    name: 'end-2: a blob of another repository',
    ask: `GET /v2/team/other/blobs/${layer.digest}`,
    status: 404,
    code: 'BLOB_UNKNOWN',
  },
  {
    name: 'end-2: what is no digest',
    ask: 'GET /v2/team/app/blobs/sha256:abc',
    status: 400,
    code: 'DIGEST_INVALID',
  },
  {
    name: 'end-3: a manifest by tag',
    ask: 'GET /v2/team/app/manifests/v1',
    status: 200,
    expect: manifestHeaders,
  },
  {
    name: 'end-3: a manifest by digest',
    ask: `GET /v2/team/app/manifests/${image.digest}`,
    status: 200,
    expect: manifestHeaders,
  },
  {
    name: 'end-3: as a proxy asks, naming the registry that it stands for',
    ask: 'GET /v2/team/app/manifests/v1?ns=registry.example.com',
    status: 200,
    expect: manifestHeaders,
  },
  { name: 'end-3: the head of no such tag', ask: 'HEAD /v2/team/app/manifests/v9', status: 404 },
  {
    name: 'end-3: the head by digest',
    ask: `HEAD /v2/team/app/manifests/${image.digest}`,
    status: 200,
    expect: manifestHeaders,
  },
  {
    name: 'end-3: a tag that is too long',
    ask: `GET /v2/team/app/manifests/${'v'.repeat(129)}`,
    status: 400,
    code: 'TAG_INVALID',
  },
  {
    name: 'end-3: a name that is too long',
    ask: `GET /v2/${'n'.repeat(256)}/manifests/v1`,
    status: 400,
    code: 'NAME_INVALID',
  },
  { name: 'end-3: its head', ask: 'HEAD /v2/team/app/manifests/v1', status: 200, expect: manifestHeaders },
  { name: 'end-3: no such tag', ask: 'GET /v2/team/app/manifests/v9', status: 404, code: 'MANIFEST_UNKNOWN' },
  {
    name: 'end-3: no such repository',
    ask: 'GET /v2/nothing/manifests/v1',
    status: 404,
    code: 'MANIFEST_UNKNOWN',
  },
  { name: 'end-3: what is no tag', ask: 'GET /v2/team/app/manifests/-v1', status: 400, code: 'TAG_INVALID' },
  { name: 'end-3: what is no name', ask: 'GET /v2/Team/manifests/v1', status: 400, code: 'NAME_INVALID' },
  {
    name: 'end-3: a name that climbs',
    ask: 'GET /v2/..%2F..%2Fetc/manifests/v1',
    status: 400,
    code: 'NAME_INVALID',
  },
  { name: 'end-8a: tags', ask: 'GET /v2/team/app/tags/list', status: 200 },
  {
    name: 'end-8b: a page of tags',
    ask: 'GET /v2/team/app/tags/list?n=1',
    status: 200,
    expect: { link: '</v2/team/app/tags/list?last=v1&n=1>; rel="next"' },
  },
  {
    name: 'end-8b: the last page of tags',
    ask: 'GET /v2/team/app/tags/list?n=1&last=v1',
    status: 200,
    expect: { link: '' },
    json: { name: 'team/app', tags: ['v2'] },
  },
  {
    name: 'end-8b: after a tag, without a number',
    ask: 'GET /v2/team/app/tags/list?last=v1',
    status: 200,
    json: { name: 'team/app', tags: ['v2'] },
  },
  {
    name: 'end-8b: after the last tag, whether it is there or not',
    ask: 'GET /v2/team/app/tags/list?last=v9',
    status: 200,
    expect: { link: '' },
    json: { name: 'team/app', tags: [] },
  },
  {
    name: 'end-8b: more than may be in a page',
    ask: 'GET /v2/team/app/tags/list?n=1000000',
    status: 200,
    expect: { link: '' },
    json: { name: 'team/app', tags: ['v1', 'v2'] },
  },
  {
    name: 'end-8b: no number',
    ask: 'GET /v2/team/app/tags/list?n=-1',
    status: 400,
    code: 'PAGINATION_NUMBER_INVALID',
  },
  { name: 'end-8a: no such repository', ask: 'GET /v2/nothing/tags/list', status: 404, code: 'NAME_UNKNOWN' },
  {
    name: 'end-12: referrers of what is not there',
    ask: `GET /v2/team/app/referrers/${missing}`,
    status: 200,
    expect: { 'content-type': mediaTypes.ociIndex },
  },
  {
    name: 'end-12: what is no digest',
    ask: 'GET /v2/team/app/referrers/v1',
    status: 400,
    code: 'DIGEST_INVALID',
  },
  {
    name: 'nothing there',
    ask: 'GET /v3/',
    status: 404,
    code: 'UNSUPPORTED',
    expect: { 'x-ms-correlation-request-id': /^[0-9a-f-]{36}$/ },
  },
  {
    name: 'any: the name of the request is told back',
    ask: 'GET /v2/team/app/manifests/v1',
    headers: { 'x-ms-client-request-id': 'my.request-1' },
    status: 200,
    expect: { 'x-ms-client-request-id': 'my.request-1' },
  },
];

describeRows('the distribution API', rows, { repository: app, image });
