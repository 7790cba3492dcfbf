// A disk that fails under everything that a client may take away, mount or alter: the client is told, what it did not get done
// is as it was, and when the disk is well again the same request works, without a restart.
import { assert, describe } from '../../fixtures/describe.ts';
import { type DiskFault, withDiskFault } from '../../fixtures/disk-faults.ts';
import { buildImage, storeImage } from '../../fixtures/images/stored.ts';
import { owner, type RequestOptions, startRegistry, type TestRegistry } from '../../fixtures/registry.ts';
import { parseRepositoryName } from '../oci/name.ts';

const image = buildImage('changed on a failing disk', [1500]);
const layer = image.blobs[1]!;
const app = parseRepositoryName('app');
const other = parseRepositoryName('other');

interface Row {
  name: string;
  ask: string;
  body?: string;
  status: number;
  /** What shows whether it was done: its status before, and after. */
  shownBy: readonly [ask: string, before: number, after: number];
}

const rows: readonly Row[] = [
  {
    name: 'removing a tag',
    ask: 'DELETE /v2/app/manifests/v1',
    status: 202,
    shownBy: ['GET /v2/app/manifests/v1', 200, 404],
  },
  {
    name: 'removing a tag by metadata',
    ask: 'DELETE /acr/v1/app/_tags/v1',
    status: 202,
    shownBy: ['GET /acr/v1/app/_tags/v1', 200, 404],
  },
  {
    name: 'deleting a manifest',
    ask: `DELETE /v2/app/manifests/${image.digest}`,
    status: 202,
    shownBy: [`GET /v2/app/manifests/${image.digest}`, 200, 404],
  },
  {
    name: 'deleting a blob',
    ask: `DELETE /v2/app/blobs/${layer.digest}`,
    status: 202,
    shownBy: [`GET /v2/app/blobs/${layer.digest}`, 200, 404],
  },
  {
    name: 'deleting a repository',
    ask: 'DELETE /acr/v1/app',
    status: 202,
    shownBy: ['GET /v2/app/tags/list', 200, 404],
  },
  {
    name: 'mounting a blob',
    ask: `POST /v2/other/blobs/uploads/?mount=${layer.digest}&from=app`,
    status: 201,
    shownBy: [`HEAD /v2/other/blobs/${layer.digest}`, 404, 200],
  },
  {
    name: 'locking a tag',
    ask: 'PATCH /acr/v1/app/_tags/v1',
    body: '{"readEnabled":false}',
    status: 200,
    shownBy: ['GET /v2/app/manifests/v1', 200, 405],
  },
];

const faults: readonly [fault: DiskFault, status: number][] = [
  ['a row that cannot be changed', 500],
  ['a commit that fails', 500],
  ['a commit without space', 507],
  ['a sync of a file that fails', 500],
  ['a sync of a file without space', 507],
];
/** What was written and could not be synced may be seen: nobody was told that it is done, or that it is not. */
const unsynced = /^a sync of a file/;

describe('a change on a disk', ({ test, before, beforeEach, after }) => {
  let registry: TestRegistry;
  before(async () => {
    registry = await startRegistry({ loginServer: true });
  });
  beforeEach(async () => {
    for (const repository of [app, other])
      await registry.content.deleteRepository(repository, { origin: 'client' });
    await registry.content.unlinkBlob(other, layer.digest);
    await storeImage(registry.content, app, image, ['v1', 'v2']);
  });
  after(() => registry.close());

  const ask = async (line: string, options: RequestOptions = {}): Promise<number> => {
    const [method = '', path = ''] = line.split(' ');
    const response = await registry.request(method, path, { as: owner, ...options });
    await response.arrayBuffer();
    return response.status;
  };

  for (const { name, ask: line, body, status, shownBy } of rows) {
    const change = (): Promise<number> => ask(line, body === undefined ? {} : { body });
    for (const [fault, refused] of faults) {
      test(`with ${fault}: ${name} is answered ${refused}, and done when that is over`, async () => {
        const [shown, undone, done] = shownBy;
        assert.equal(await ask(shown), undone);
        assert.equal(await withDiskFault(fault, change), refused);
        const now = await ask(shown);
        if (!unsynced.test(fault)) assert.equal(now, undone);
        if (now === undone) assert.equal(await change(), status);
        assert.equal(await ask(shown), done);
      });
    }
  }
});
