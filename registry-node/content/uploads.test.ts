// Upload sessions: pieces in order, over restarts, one at a time, and never a half of one visible.
import { cp, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Readable } from 'node:stream';
import { type Flow, flowOf } from '../blobs/flow.ts';
import { assert, describe } from '../../fixtures/describe.ts';
import { holdSyncs, withDiskFault } from '../../fixtures/disk-faults.ts';
import { randomBytes } from '../../fixtures/images/random-bytes.ts';
import { waitFor } from '../../fixtures/wait-for.ts';
import { systemClock } from '../clock.ts';
import { digestOf } from '../oci/digest.ts';
import { limits } from '../oci/limits.ts';
import { OciError, type OciErrorCode } from '../oci/errors.ts';
import { parseRepositoryName } from '../oci/name.ts';
import type { Content, Piece } from './content.ts';
import { openContent } from './open.ts';

const app = parseRepositoryName('team/app');
const other = parseRepositoryName('team/other');
const bytes = Buffer.concat([...randomBytes('upload', 3_000_000)]);
const digest = digestOf(bytes);

describe('an upload session', ({ test, beforeEach, afterEach }) => {
  let folder: string;
  let content: Content;
  let id: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'acrc-uploads-'));
    content = await openContent({ folder, clock: systemClock });
    id = await content.uploads.start(app, 'client');
  });
  afterEach(async () => {
    await content.close();
    await rm(folder, { recursive: true, force: true });
  });
  /** As many as would take a client seconds to begin. */
  const addSessions = (owner: string, count: number): void => {
    const database = new DatabaseSync(join(folder, 'registry.db'));
    const numbers = 'WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT ?)';
    const rows = `${numbers} INSERT INTO uploads SELECT 'session-' || i, ?, 0, ? FROM n`;
    database.prepare(rows).run(count, app, owner);
    database.close();
  };
  const piece = (start: number, end: number, claimed: number | undefined = start): Piece => ({
    source: flowOf(Readable.from([bytes.subarray(start, end)])),
    start: claimed,
  });
  const append = (start: number, end: number, claimed?: number): Promise<number> =>
    content.uploads.append(app, id, piece(start, end, claimed));

  test('takes pieces in order and shows the blob only when it is whole', async () => {
    assert.equal(await append(0, 1_000_000, 0), 1_000_000);
    assert.equal(await append(1_000_000, 3_000_000, 1_000_000), 3_000_000);
    assert.equal(await content.blobSize(app, digest), undefined);
    await content.uploads.finish(app, id, digest);
    assert.equal(await content.blobSize(app, digest), bytes.length);
    assert.equal(await content.blobSize(other, digest), undefined);
    await fails('BLOB_UPLOAD_UNKNOWN', content.uploads.bytes(app, id));
  });

  test('refuses a piece from another place and says where it stands', async () => {
    await append(0, 1000, 0);
    await fails('RANGE_INVALID', append(2000, 3000, 2000));
    await fails('RANGE_INVALID', append(0, 1000, 0));
    assert.equal(await content.uploads.bytes(app, id), 1000);
  });

  /** What a crash of now leaves behind, opened. */
  const afterCrash = async (look: (content: Content, place: string) => Promise<void>): Promise<void> => {
    const copy = await mkdtemp(join(tmpdir(), 'acrc-uploads-'));
    await cp(folder, copy, { recursive: true });
    const left = await openContent({ folder: copy, clock: systemClock });
    try {
      await look(left, copy);
    } finally {
      await left.close();
      await rm(copy, { recursive: true, force: true });
    }
  };

  test('is kept by a crash when it has bytes of a piece, and is unknown when it never had any', async () => {
    await afterCrash(({ uploads }) => fails('BLOB_UPLOAD_UNKNOWN', uploads.bytes(app, id)));
    await append(0, 2_000_000);
    await afterCrash(async ({ uploads }) => {
      assert.equal(await uploads.bytes(app, id), 2_000_000);
      await uploads.finish(app, id, digest, piece(2_000_000, 3_000_000));
    });
  });

  test('that is ended by its only piece was never on the disk', async () => {
    assert.equal(await content.uploads.finish(app, id, digest, piece(0, 3_000_000)), 3_000_000);
    await fails('BLOB_UPLOAD_UNKNOWN', content.uploads.bytes(app, id));
    await afterCrash(async (left) => {
      assert.equal(await left.blobSize(app, digest), bytes.length);
      await fails('BLOB_UPLOAD_UNKNOWN', left.uploads.bytes(app, id));
    });
  });

  test('goes on, after a crash as well, when the piece that should have ended it was cut', async () => {
    const cut = new Error('the client went away');
    const source: Flow = async (take) => {
      await take(bytes.subarray(0, 2_000_000));
      throw cut;
    };
    await assert.rejects(content.uploads.finish(app, id, digest, { source, start: 0 }), cut);
    await afterCrash(async ({ uploads }) => {
      assert.equal(await uploads.bytes(app, id), 2_000_000);
    });
    await fails('RANGE_INVALID', content.uploads.finish(app, id, digest, piece(0, 1000)));
    await content.uploads.finish(app, id, digest, piece(2_000_000, 3_000_000));
  });

  test('leaves nothing on the disk when a crash forgets it in the middle of its only piece', async () => {
    const rest = Promise.withResolvers<void>();
    const source: Flow = async (take) => {
      await take(bytes.subarray(0, 2_000_000));
      await rest.promise;
      await take(bytes.subarray(2_000_000));
    };
    const finishing = content.uploads.finish(app, id, digest, { source });
    const unfinished = (place: string): Promise<string[]> => readdir(join(place, 'blobs', 'unfinished'));
    await waitFor('the first bytes', async () => (await unfinished(folder)).length > 0);
    await afterCrash(async ({ uploads }, place) => {
      await fails('BLOB_UPLOAD_UNKNOWN', uploads.bytes(app, id));
      assert.deepEqual(await unfinished(place), []);
    });
    rest.resolve();
    await finishing;
  });

  test('survives a restart before it has bytes', async () => {
    await content.close();
    content = await openContent({ folder, clock: systemClock });
    assert.equal((await content.totals()).uploads, 1);
    await content.uploads.finish(app, id, digest, piece(0, 3_000_000));
  });

  test('survives a restart with the bytes that arrived', async () => {
    await append(0, 1_234_567);
    await content.close();
    content = await openContent({ folder, clock: systemClock });
    assert.equal(await content.uploads.bytes(app, id), 1_234_567);
    await append(1_234_567, 3_000_000, 1_234_567);
    await content.uploads.finish(app, id, digest);
    assert.equal(await content.blobSize(app, digest), bytes.length);
  });

  test('refuses a second piece while the first is being written, and goes on with the first', async () => {
    const arrived = Promise.withResolvers<void>();
    const source = Readable.from(
      (async function* () {
        yield bytes.subarray(0, 2_000_000);
        await arrived.promise;
        yield bytes.subarray(2_000_000);
      })(),
    );
    const first = content.uploads.append(app, id, { source: flowOf(source) });
    await fails('RANGE_INVALID', append(0, 10));
    await fails('RANGE_INVALID', content.uploads.finish(app, id, digest));
    assert.ok((await content.uploads.bytes(app, id)) <= 2_000_000);
    arrived.resolve();
    assert.equal(await first, 3_000_000);
    await content.uploads.finish(app, id, digest);
  });

  test('may be looked at by anybody at any time', async () => {
    const looks = Array.from({ length: 50 }, () => content.uploads.bytes(app, id));
    assert.equal(await append(0, 1000), 1000);
    for (const bytes of await Promise.all(looks)) assert.ok(bytes === 0 || bytes === 1000);
  });

  test('is over when its bytes are not what the digest says', async () => {
    await append(0, 1000);
    await fails('DIGEST_INVALID', content.uploads.finish(app, id, digest));
    await fails('BLOB_UPLOAD_UNKNOWN', append(1000, 2000));
    await fails('BLOB_UPLOAD_UNKNOWN', content.uploads.finish(app, id, digest));
    assert.equal(await content.hasBlob(digest), false);
  });

  test('is over when it is cancelled', async () => {
    await append(0, 1000);
    await content.uploads.cancel(app, id);
    await fails('BLOB_UPLOAD_UNKNOWN', content.uploads.bytes(app, id));
  });

  test('is finished once more by who asks once more, also while the first answer is being made', async () => {
    await append(0, 3_000_000);
    const syncs = await holdSyncs();
    const first = content.uploads.finish(app, id, digest);
    await syncs.asked;
    const again = content.uploads.finish(app, id, digest);
    syncs.release();
    assert.deepEqual(await Promise.all([first, again]), [bytes.length, bytes.length]);
    assert.equal(await content.uploads.finish(app, id, digest, piece(0, 3_000_000)), bytes.length);
    await fails('BLOB_UPLOAD_UNKNOWN', content.uploads.finish(app, id, digestOf('another')));
    await content.linkBlob(other, digest);
    await fails('BLOB_UPLOAD_UNKNOWN', content.uploads.finish(other, id, digest));
    await fails('BLOB_UPLOAD_UNKNOWN', content.uploads.finish(app, 'no-such-session', digest));
    await content.unlinkBlob(app, digest);
    await fails('BLOB_UPLOAD_UNKNOWN', content.uploads.finish(app, id, digest));
  });

  test('belongs to its repository', async () => {
    await fails('BLOB_UPLOAD_UNKNOWN', content.uploads.bytes(other, id));
    await fails('BLOB_UPLOAD_UNKNOWN', content.uploads.finish(other, id, digest));
    await fails('BLOB_UPLOAD_UNKNOWN', content.uploads.bytes(app, 'no-such-session'));
  });

  test('is one of many: hundreds are open at once and each keeps its bytes', async () => {
    const ids = await Promise.all(Array.from({ length: 300 }, () => content.uploads.start(app, 'client')));
    for (const [index, each] of ids.entries()) {
      await content.uploads.append(app, each, { source: flowOf(Readable.from([bytes.subarray(0, index)])) });
    }
    for (const [index, each] of ids.entries()) {
      assert.equal(await content.uploads.bytes(app, each), index);
    }
    await content.uploads.finish(app, ids[17]!, digestOf(bytes.subarray(0, 17)));
  });

  test('is one of so many that a principal may have open, for this principal alone, until one ends', async () => {
    addSessions('client', limits.uploadsOpenMax - 1);
    await fails('TOOMANYREQUESTS', content.uploads.start(other, 'client'));
    await content.uploads.start(app, 'somebody else');
    await content.uploads.cancel(app, id);
    await content.uploads.start(app, 'client');
    await fails('TOOMANYREQUESTS', content.uploads.start(app, 'client'));
  });

  test('leaves nothing behind when it cannot be begun', async () => {
    let begun = 1;
    await withDiskFault('a row without space', async () => {
      for (let count = 0; count < 200; count++) {
        const starting = content.uploads.start(app, 'client');
        await starting.then(
          () => begun++,
          () => fails('INSUFFICIENT_STORAGE', starting),
        );
      }
    });
    assert.ok(begun < 200);
    assert.equal((await content.totals()).uploads, begun);
  });

  test('takes many at once of the same blob', async () => {
    const ids = await Promise.all(Array.from({ length: 8 }, () => content.uploads.start(app, 'client')));
    await Promise.all(
      ids.map(async (each) => {
        await content.uploads.append(app, each, { source: flowOf(Readable.from([bytes])) });
        await content.uploads.finish(app, each, digest);
      }),
    );
    assert.equal(await content.storedBytes(), bytes.length);
  });
});

async function fails(code: OciErrorCode, work: Promise<unknown>): Promise<void> {
  await assert.rejects(work, (error: unknown) => error instanceof OciError && error.code === code);
}
