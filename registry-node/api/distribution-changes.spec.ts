// What changes a registry by the distribution specification, over real HTTP: for each endpoint what is asked, and the status and
// headers of the answer.
import { describeRows, type HttpRow } from '../../fixtures/http-rows.ts';
import { buildImage } from '../../fixtures/images/stored.ts';
import { digestOf } from '../oci/digest.ts';
import { mediaTypes } from '../oci/media-type.ts';
import { parseRepositoryName } from '../oci/name.ts';

const app = parseRepositoryName('team/app');
const image = buildImage('distribution', [1500]);
const [config, layer] = image.blobs as [(typeof image.blobs)[0], (typeof image.blobs)[0]];
const missing = digestOf('missing');
const text = Buffer.from('a blob of its own');

const uploading = /^\/v2\/team\/app\/blobs\/uploads\/[0-9a-f-]{36}$/;
const blob = `/v2/team/app/blobs/${layer.digest}`;

const referring = JSON.stringify({
  ...JSON.parse(image.manifest.toString()),
  subject: { mediaType: mediaTypes.ociManifest, digest: missing, size: 7 },
});

const manyTags = (count: number): string =>
  Array.from({ length: count }, (_, position) => `tag=many-${position}`).join('&');

const conditionalPushes = (
  [
    ['over the image that the client saw', 'v2', { 'if-match': `"${image.digest}"` }, 201],
    [
      'over another image than the client saw',
      'v2',
      { 'if-match': `"${missing}", W/"${image.digest}"` },
      412,
    ],
    ['over what is not there', 'v3', { 'if-match': '*' }, 412],
    ['where there is nothing', 'v3', { 'if-none-match': '*' }, 201],
    ['where there is something', 'v2', { 'if-none-match': '*' }, 412],
    ['unless it is there, by digest', image.digest, { 'if-none-match': '*' }, 412],
  ] as const
).map(([name, reference, condition, status]): HttpRow => {
  const headers = Object.assign({ 'content-type': mediaTypes.ociManifest }, condition);
  const row = { ask: `PUT /v2/team/app/manifests/${reference}`, headers, body: image.manifest, status };
  return Object.assign(row, { name: `end-7: ${name}` }, status === 412 && { code: 'DENIED' });
});

const rows: HttpRow[] = [
  {
    name: 'end-4a: begins an upload',
    ask: 'POST /v2/team/app/blobs/uploads/',
    status: 202,
    expect: { location: uploading, range: '0-0', 'docker-upload-uuid': /./ },
  },
  {
    name: 'end-4a: without the last slash, too',
    ask: 'POST /v2/team/app/blobs/uploads',
    status: 202,
    expect: { location: uploading },
  },
  {
    name: 'end-4b: a blob at once',
    ask: `POST /v2/team/app/blobs/uploads/?digest=${digestOf(text)}`,
    body: text,
    status: 201,
    expect: { location: `/v2/team/app/blobs/${digestOf(text)}`, 'docker-content-digest': digestOf(text) },
  },
  {
    name: 'end-4b: a blob at once by sha512',
    ask: `POST /v2/team/app/blobs/uploads/?digest=${digestOf(text, 'sha512')}`,
    body: text,
    status: 201,
  },
  {
    name: 'end-4b: a blob that is another',
    ask: `POST /v2/team/app/blobs/uploads/?digest=${missing}`,
    body: text,
    status: 400,
    code: 'DIGEST_INVALID',
  },
  {
    name: 'end-4c: an algorithm',
    ask: 'POST /v2/team/app/blobs/uploads/?digest-algorithm=sha512',
    status: 202,
  },
  {
    name: 'end-4c: no algorithm',
    ask: 'POST /v2/team/app/blobs/uploads/?digest-algorithm=md5',
    status: 400,
    code: 'DIGEST_INVALID',
  },
  {
    name: 'end-5: no such upload',
    ask: 'PATCH /v2/team/app/blobs/uploads/nothing',
    body: text,
    status: 404,
    code: 'BLOB_UPLOAD_UNKNOWN',
  },
  {
    name: 'end-6: no such upload',
    ask: `PUT /v2/team/app/blobs/uploads/nothing?digest=${missing}`,
    status: 404,
    code: 'BLOB_UPLOAD_UNKNOWN',
  },
  {
    name: 'end-6: no digest',
    ask: 'PUT /v2/team/app/blobs/uploads/nothing',
    status: 400,
    code: 'DIGEST_INVALID',
  },
  {
    name: 'end-7a: a manifest under a tag',
    ask: 'PUT /v2/team/app/manifests/v2',
    headers: { 'content-type': mediaTypes.ociManifest },
    body: image.manifest,
    status: 201,
    expect: { location: `/v2/team/app/manifests/${image.digest}`, 'docker-content-digest': image.digest },
  },
  {
    name: 'end-7b: a manifest under two tags',
    ask: `PUT /v2/team/app/manifests/${image.digest}?tag=x&tag=y`,
    headers: { 'content-type': mediaTypes.ociManifest },
    body: image.manifest,
    status: 201,
    expect: { 'oci-tag': 'x, y' },
  },
  {
    name: 'end-7b: a manifest by sha512, each tag once',
    ask: `PUT /v2/team/app/manifests/${digestOf(image.manifest, 'sha512')}?tag=x&tag=x`,
    headers: { 'content-type': mediaTypes.ociManifest },
    body: image.manifest,
    status: 201,
    expect: { 'oci-tag': 'x', 'docker-content-digest': digestOf(image.manifest, 'sha512') },
  },
  {
    name: 'end-7b: as many tags as may be',
    ask: `PUT /v2/team/app/manifests/${image.digest}?${manyTags(100)}`,
    headers: { 'content-type': mediaTypes.ociManifest },
    body: image.manifest,
    status: 201,
    expect: { 'oci-tag': /^many-0, .*, many-99$/ },
  },
  {
    name: 'end-7b: more tags than may be',
    ask: `PUT /v2/team/app/manifests/${image.digest}?${manyTags(101)}`,
    headers: { 'content-type': mediaTypes.ociManifest },
    body: image.manifest,
    status: 414,
    code: 'UNSUPPORTED',
  },
  {
    name: 'end-7b: what is no tag among the tags',
    ask: `PUT /v2/team/app/manifests/${image.digest}?tag=x&tag=-y`,
    body: image.manifest,
    status: 400,
    code: 'TAG_INVALID',
  },
  {
    name: 'end-7: under a digest that is not its own',
    ask: `PUT /v2/team/app/manifests/${missing}`,
    body: image.manifest,
    status: 400,
    code: 'DIGEST_INVALID',
  },
  {
    name: 'end-7: of another type than it says itself',
    ask: 'PUT /v2/team/app/manifests/v3',
    headers: { 'content-type': mediaTypes.ociIndex },
    body: image.manifest,
    status: 400,
    code: 'MANIFEST_INVALID',
  },
  {
    name: 'end-7: nothing',
    ask: 'PUT /v2/team/app/manifests/v3',
    headers: { 'content-type': mediaTypes.ociManifest },
    status: 400,
    code: 'MANIFEST_INVALID',
  },
  {
    name: 'end-7: what refers to a manifest that is not there',
    ask: 'PUT /v2/team/app/manifests/v3',
    headers: { 'content-type': mediaTypes.ociManifest },
    body: referring,
    status: 201,
    expect: { 'oci-subject': missing, 'docker-content-digest': digestOf(referring) },
  },
  {
    name: 'end-7: what is no manifest',
    ask: 'PUT /v2/team/app/manifests/v3',
    body: '{"schemaVersion":1}',
    status: 400,
    code: 'MANIFEST_INVALID',
  },
  {
    name: 'end-7: an image without its blobs',
    ask: 'PUT /v2/team/other/manifests/v1',
    body: image.manifest,
    status: 404,
    code: 'MANIFEST_BLOB_UNKNOWN',
  },
  {
    name: 'end-7: above 4 MiB',
    ask: 'PUT /v2/team/app/manifests/v3',
    body: Buffer.alloc(4 * 1024 * 1024 + 1, ' '),
    status: 413,
    code: 'MANIFEST_INVALID',
  },
  ...conditionalPushes,
  {
    name: 'end-9: a tag that was moved since the client saw it',
    ask: 'DELETE /v2/team/app/manifests/v1',
    headers: { 'if-match': `"${missing}"` },
    status: 412,
    code: 'DENIED',
  },
  {
    name: 'end-9: a tag that is as the client saw it',
    ask: 'DELETE /v2/team/app/manifests/v1',
    headers: { 'if-match': `"${image.digest}"` },
    status: 202,
  },
  {
    name: 'end-9: no such tag',
    ask: 'DELETE /v2/team/app/manifests/v9',
    status: 404,
    code: 'MANIFEST_UNKNOWN',
  },
  {
    name: 'end-9: no such manifest',
    ask: `DELETE /v2/team/app/manifests/${missing}`,
    status: 404,
    code: 'MANIFEST_UNKNOWN',
  },
  {
    name: 'end-9: what is no tag',
    ask: 'DELETE /v2/team/app/manifests/-v1',
    status: 400,
    code: 'TAG_INVALID',
  },
  { name: 'end-9: a tag', ask: 'DELETE /v2/team/app/manifests/v2', status: 202 },
  { name: 'end-9: a manifest', ask: `DELETE /v2/team/app/manifests/${image.digest}`, status: 202 },
  {
    name: 'end-10: a blob',
    ask: `DELETE ${blob}`,
    status: 202,
    expect: { 'docker-content-digest': layer.digest },
  },
  {
    name: 'end-10: what is no digest',
    ask: 'DELETE /v2/team/app/blobs/sha256:abc',
    status: 400,
    code: 'DIGEST_INVALID',
  },
  {
    name: 'end-10: no such blob',
    ask: `DELETE /v2/team/app/blobs/${missing}`,
    status: 404,
    code: 'BLOB_UNKNOWN',
  },
  {
    name: 'end-11: mounts from a repository',
    ask: `POST /v2/team/other/blobs/uploads/?mount=${config.digest}&from=team/app`,
    status: 201,
    expect: { location: `/v2/team/other/blobs/${config.digest}` },
  },
  {
    name: 'end-11: mounts from wherever it is',
    ask: `POST /v2/team/third/blobs/uploads/?mount=${config.digest}`,
    status: 201,
  },
  {
    name: 'end-11: falls back to an upload when it names no digest that there could be',
    ask: 'POST /v2/team/app/blobs/uploads/?mount=all&from=team/other',
    status: 202,
    expect: { location: uploading },
  },
  {
    name: 'end-11: falls back to an upload',
    ask: `POST /v2/team/app/blobs/uploads/?mount=${missing}&from=team/other`,
    status: 202,
    expect: { location: uploading },
  },
  {
    name: 'end-13: no such upload',
    ask: 'GET /v2/team/app/blobs/uploads/nothing',
    status: 404,
    code: 'BLOB_UPLOAD_UNKNOWN',
  },
  {
    name: 'end-14: no such upload',
    ask: 'DELETE /v2/team/app/blobs/uploads/nothing',
    status: 404,
    code: 'BLOB_UPLOAD_UNKNOWN',
  },
];

describeRows('a change by the distribution API', rows, { repository: app, image });
