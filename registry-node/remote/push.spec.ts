// The way up of a blob when a request is done twice on the way, or its answer is lost: nothing is sent again, and what was done is
// not taken for a failure.
import { Agent, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { assert, describe } from '../../fixtures/describe.ts';
import { buildImage, storeImage } from '../../fixtures/images/stored.ts';
import { type Parent, syncPassword } from '../../fixtures/parent.ts';
import { putInFront } from '../../fixtures/simulation/front.ts';
import { chunkBytes, SyncStage } from '../../fixtures/sync-stage.ts';
import { systemClock } from '../clock.ts';
import { openContent } from '../content/open.ts';
import { OciError } from '../oci/errors.ts';
import { parseRepositoryName } from '../oci/name.ts';
import { openTraffic } from '../sync/traffic/open.ts';
import { isRemoteError, RemoteError } from './errors.ts';
import { openRemoteRegistry } from './open.ts';
import { pushGraph, type PushRequest } from './push.ts';
import type { Traffic } from './traffic.ts';

const app = parseRepositoryName('app');
const image = buildImage('of three pieces', [3 * chunkBytes]);
const layer = image.blobs[1]!;

describe('the way up of a blob', ({ test, beforeEach, afterEach }) => {
  let stage: SyncStage;
  let parent: Parent;
  let request: PushRequest;
  const remembered = new Map<string, string>();
  let sentBytes: number;

  /** The requests that `isMet` names meet the trouble once. */
  const meddle = (kind: 'twice' | 'lost', isMet: (request: IncomingMessage) => boolean): void => {
    let isOver = false;
    const agent = new Agent();
    agent.createConnection = () => connect(parent.port, '127.0.0.1');
    const sleep = (ms: number): Promise<void> => systemClock.sleep(ms);
    const options = { host: 'parent', elsewhere: '', sleep, agent, trouble: () => ({ kind }) };
    const front = putInFront(() => assert.fail('it passes through the parent'), options);
    parent.intercept = (incoming, response) => {
      if (isOver || !isMet(incoming)) return false;
      isOver = true;
      front(incoming, response);
      return true;
    };
  };
  const isLayersEnd = ({ method, url = '' }: IncomingMessage): boolean =>
    method === 'PUT' && url.includes(encodeURIComponent(layer.digest));
  const startsAt = (byte: number) => {
    return ({ method, headers }: IncomingMessage): boolean =>
      method === 'PATCH' && headers['content-range']?.startsWith(`${byte}-`) === true;
  };
  const sessions = (): string[] => parent.requests.filter((line) => line.startsWith('POST'));

  beforeEach(async () => {
    stage = await SyncStage.set();
    parent = await stage.parent();
    const source = stage.keep(
      await openContent({ folder: join(stage.folder, 'source'), clock: systemClock }),
    );
    await storeImage(source, 'app', image, ['v1']);
    const target = stage.keep(
      openRemoteRegistry({
        endpoint: `127.0.0.1:${parent.port}`,
        protocol: 'http',
        credentials: { username: 'site1', password: syncPassword },
        marksAnswers: true,
      }),
    );
    remembered.clear();
    sentBytes = 0;
    request = {
      source,
      repository: app,
      digest: image.digest,
      target,
      uploads: {
        get: (_, digest) => remembered.get(digest),
        set: async (_, digest, location) => void remembered.set(digest, location),
        forget: async (_, digest) => void remembered.delete(digest),
      },
      chunkBytes,
      transfersMax: 1,
      onBytes: (bytes) => (sentBytes += bytes),
    };
  });
  afterEach(() => stage.strike());

  const openLink = async (): Promise<Traffic> =>
    stage.keep(
      await openTraffic({
        path: join(stage.folder, 'traffic.json'),
        budget: {},
        windowEnds: () => undefined,
        clock: systemClock,
      }),
    );

  const arrivedWhole = async (): Promise<void> => {
    assert.ok(await parent.content.manifest(app, { digest: image.digest }));
    assert.equal(sessions().length, image.blobs.length, sessions().join('\n'));
    assert.equal(remembered.size, 0);
    const wholeBytes = image.blobs.reduce((total, { bytes }) => total + bytes.length, 0);
    assert.ok(sentBytes <= wholeBytes, `${sentBytes} of ${wholeBytes} bytes`);
  };

  for (const [what, isMet] of [
    ['the request that ends it', isLayersEnd],
    ['its first piece', startsAt(0)],
    ['its last piece', startsAt(2 * chunkBytes)],
  ] as const) {
    test(`goes on when ${what} arrives twice`, async () => {
      meddle('twice', isMet);
      assert.ok(await pushGraph(request));
      await arrivedWhole();
    });

    test(`is continued when the answer to ${what} is lost`, async () => {
      meddle('lost', isMet);
      await assert.rejects(pushGraph(request), (error) => isRemoteError(error, 'unreachable'));
      assert.ok(await pushGraph(request));
      await arrivedWhole();
    });
  }

  for (const [when, traffic] of [
    ['at once', undefined],
    ['through the paced link', true],
  ] as const) {
    test(`fails, and nothing else does, when the blob is deleted before it is read ${when}`, async () => {
      const { source } = request;
      request.source = {
        ...source,
        blobSize: async (repository, digest) => {
          const size = await source.blobSize(repository, digest);
          if (digest === layer.digest) await source.unlinkBlob(repository, digest);
          return size;
        },
      };
      if (traffic) request.traffic = await openLink();
      const isOfBlob = (error: unknown): boolean =>
        error instanceof OciError && error.code === 'BLOB_UNKNOWN';
      await assert.rejects(pushGraph(request), isOfBlob);
    });
  }

  test('reads nothing for a request that never gets to its body', async () => {
    const { source } = request;
    let reads = 0;
    request.source = {
      ...source,
      sendBlob: (...asked) => {
        reads++;
        return source.sendBlob(...asked);
      },
    };
    request.target = {
      ...request.target,
      continueUpload: async () => {
        throw new RemoteError('unreachable', 'signing in got no answer');
      },
    };
    await assert.rejects(pushGraph(request), (error) => isRemoteError(error, 'unreachable'));
    assert.equal(reads, 0);
  });

  test('fails when the registry has forgotten its session, and begins anew then', async () => {
    parent.intercept = (incoming, response) => {
      if (!isLayersEnd(incoming)) return false;
      parent.intercept = undefined;
      const errors = [{ code: 'BLOB_UPLOAD_UNKNOWN' }];
      const headers = {
        'docker-distribution-api-version': 'registry/2.0',
        'content-type': 'application/json',
      };
      response.writeHead(404, headers).end(JSON.stringify({ errors }));
      return true;
    };
    await assert.rejects(pushGraph(request), (error) => isRemoteError(error, 'not-found'));
    assert.ok(await pushGraph(request));
    assert.ok(await parent.content.manifest(app, { digest: image.digest }));
  });
});
