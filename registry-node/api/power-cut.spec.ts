// The power goes: at every moment of a push, a mount, a deletion and a collection, in every way in which the disk may come back,
// all that was answered for is there, and nothing is seen that is not whole. How that is known: fixtures/power-cut.
import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { flowOf } from '../blobs/flow.ts';
import { inspectFolder, inspectPromises } from '../../fixtures/crash/inspect.ts';
import { Ledger } from '../../fixtures/crash/ledger.ts';
import { expectStatus, type Question, type Registry } from '../../fixtures/crash/wire.ts';
import { assert, describe } from '../../fixtures/describe.ts';
import { buildImage, type StoredImage } from '../../fixtures/images/stored.ts';
import { recordDisk } from '../../fixtures/power-cut/record.ts';
import {
  type DiskState,
  type Pretends,
  RecordedDisk,
  restore,
  type Synced,
} from '../../fixtures/power-cut/recorded-disk.ts';
import { basic, owner, startRegistry, type TestRegistry } from '../../fixtures/registry.ts';
import { systemClock } from '../clock.ts';
import { type Digest, digestOf } from '../oci/digest.ts';
import { mediaTypes } from '../oci/media-type.ts';
import { parseRepositoryName } from '../oci/name.ts';

const [first, second] = [buildImage('first', [20_000]), buildImage('second', [30_000])];
const copied = Buffer.from('a blob that a sync copies');
const long = Buffer.from('a blob by its sha512');

/** What a disk loses that only pretends to sync, so that the test above is known to be able to fail. */
const pretended: readonly Synced[] = ['files', 'folders', 'log'];
/** How `inspectPromises` and `inspectFolder` begin to tell of it. */
const broken = /is gone, and promised was sha256|is recorded and not stored|to be strictly equal/;

/** What the disk may hold at some moment of the work, and what was promised by then. */
interface Moment {
  step: string;
  how: string;
  state: DiskState;
  promises: Ledger;
}

/** Somebody at work, whose promises are kept in `ledger`. */
class Worker {
  step = 'opening';
  readonly ledger = new Ledger();
  readonly #running: TestRegistry;
  readonly #pass: (hours: number) => void;

  constructor(running: TestRegistry, pass: (hours: number) => void) {
    this.#running = running;
    this.#pass = pass;
  }

  ask(line: string, status: number, question?: Question): ReturnType<typeof expectStatus> {
    return expectStatus(signedIn(this.#running), line, status, question);
  }

  async blob(digest: Digest, work: () => Promise<unknown>, repository = 'app'): Promise<void> {
    await this.ledger.expecting([`/v2/${repository}/blobs/${digest}`], digest, work);
  }

  async pushAgain({ blobs: [, layer] }: StoredImage): Promise<void> {
    this.step = 'a blob that is there already';
    await this.blob(layer!.digest, () =>
      this.ask(`POST /v2/app/blobs/uploads/?digest=${layer!.digest}`, 201, { body: layer!.bytes }),
    );
  }

  async push({ blobs, manifest, digest }: StoredImage, tag: string): Promise<void> {
    const [config, layer] = blobs as [StoredImage['blobs'][0], StoredImage['blobs'][0]];
    this.step = 'a blob in one request';
    await this.blob(config.digest, () =>
      this.ask(`POST /v2/app/blobs/uploads/?digest=${config.digest}`, 201, { body: config.bytes }),
    );
    this.step = 'a blob in pieces';
    await this.blob(layer.digest, async () => {
      const location = (await this.ask('POST /v2/app/blobs/uploads/', 202)).headers.get('location')!;
      await this.ask(`PATCH ${location}`, 202, { body: layer.bytes.subarray(0, 10_000) });
      await this.ask(`PUT ${location}?digest=${layer.digest}`, 201, { body: layer.bytes.subarray(10_000) });
    });
    this.step = 'a manifest';
    const paths = [`/v2/app/manifests/${digest}`, `/v2/app/manifests/${tag}`];
    const headers = { 'content-type': mediaTypes.ociManifest };
    await this.ledger.expecting(paths, digest, () =>
      this.ask(`PUT /v2/app/manifests/${tag}`, 201, { body: manifest, headers }),
    );
  }

  async mount(digest: Digest): Promise<void> {
    this.step = 'a mount';
    const path = `/v2/other/blobs/uploads/?mount=${digest}&from=app`;
    await this.blob(digest, () => this.ask(`POST ${path}`, 201), 'other');
  }

  /** The first: its folders are made for it. */
  async pushBySha512(): Promise<void> {
    this.step = 'a blob by sha512';
    const digest = digestOf(long, 'sha512');
    await this.blob(digest, () =>
      this.ask(`POST /v2/app/blobs/uploads/?digest=${digest}`, 201, { body: long }),
    );
  }

  /** As the sync engine does. */
  async copy(): Promise<void> {
    this.step = 'a copy';
    const { content } = this.#running;
    const digest = digestOf(copied);
    await this.blob(digest, async () => {
      const incoming = await content.incomingBlob(digest);
      await incoming.append(flowOf(Readable.from([copied])));
      await content.commitBlob(parseRepositoryName('app'), incoming, digest);
    });
  }

  /** Of what the deletions left. */
  async collect(): Promise<void> {
    this.step = 'a collection';
    for (const { digest } of [...first.blobs, ...second.blobs]) {
      this.ledger.allowCollection(`/v2/app/blobs/${digest}`, digest);
    }
    this.#pass(2);
    const { blobs } = await this.#running.content.collectGarbage({ dryRun: false });
    assert.equal(blobs.count, 2);
  }

  async remove(step: string, paths: string[]): Promise<void> {
    this.step = step;
    await this.ledger.expecting(paths, 'gone', () => this.ask(`DELETE ${paths[0]}`, 202));
  }
}

describe(
  'a registry whose power goes',
  ({ test, beforeEach, afterEach }) => {
    /** Where the work is done, and where what is left of it comes back. */
    let [folder, back] = ['', ''];
    beforeEach(async () => {
      folder = await mkdtemp(join(tmpdir(), 'acrc-power-'));
      back = await mkdtemp(join(tmpdir(), 'acrc-power-back-'));
    });
    afterEach(async () => {
      await rm(folder, { recursive: true, force: true });
      await rm(back, { recursive: true, force: true });
    });

    /** @returns all that differ from each other */
    const momentsOf = async (
      work: (worker: Worker) => Promise<void>,
      pretends?: Pretends,
    ): Promise<Moment[]> => {
      const disk = new RecordedDisk(folder, pretends);
      const found = new Map<string, Moment>();
      let worker: Worker | undefined;
      const onMoment = (): void => {
        const { step, ledger } = worker ?? { step: 'opening', ledger: new Ledger() };
        for (const [how, state] of Object.entries(disk.states())) {
          found.set(keyOf(state, ledger), { step, how, state, promises: ledger.copy() });
        }
      };
      await recordDisk(disk, folder, onMoment, async () => {
        let now = new Date();
        const registry = await startRegistry({ folder, clock: { ...systemClock, now: () => now } });
        try {
          worker = new Worker(registry, (hours) => (now = new Date(now.getTime() + hours * 3_600_000)));
          await work(worker);
          onMoment();
        } finally {
          await registry.close();
        }
      });
      return [...found.values()];
    };

    test('has all that it answered for, at every moment and however the disk comes back', async () => {
      const moments = await momentsOf(async (worker) => {
        await worker.push(first, 'v1');
        await worker.push(second, 'v2');
        await worker.pushAgain(first);
        await worker.mount(first.blobs[0]!.digest);
        await worker.pushBySha512();
        await worker.copy();
        await worker.remove('the deletion of a tag', ['/v2/app/manifests/v2']);
        await worker.remove('the deletion of a manifest', [
          `/v2/app/manifests/${first.digest}`,
          '/v2/app/manifests/v1',
        ]);
        await worker.remove('the deletion of a blob', [`/v2/app/blobs/${digestOf(copied)}`]);
        await worker.collect();
      });
      for (const moment of moments) await hold(moment, back);
      process.stdout.write(`${moments.length} states of the disk\n`);
    });

    for (const what of pretended) {
      test(`would lose something on a disk that only pretends to sync ${what}`, async () => {
        const pretends: Pretends = (kind, path) => kind === what && path.includes('/content');
        const moments = await momentsOf((worker) => worker.push(first, 'v1'), pretends);
        await assert.rejects(async () => {
          for (const moment of moments) await hold(moment, back);
        }, broken);
      });
    }
  },
  { timeoutMs: 120_000 },
);

/** Starts a registry in `folder` on what the disk holds. @throws Error when a promise is broken */
async function hold({ step, how, state, promises }: Moment, folder: string): Promise<void> {
  try {
    restore(folder, state);
    const registry = await startRegistry({ folder });
    try {
      await inspectPromises(signedIn(registry), promises, promises.paths());
    } finally {
      await registry.close();
    }
    await inspectFolder(join(folder, 'content'), true);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`when the power goes during ${step}, and the disk has ${how}: ${reason}`, {
      cause: error,
    });
  }
}

function signedIn({ host }: TestRegistry): Registry {
  return { url: `http://${host}`, authorization: basic(owner, 'secret') };
}

function keyOf(state: DiskState, ledger: Ledger): string {
  const hash = createHash('sha256');
  for (const [path, bytes] of state) hash.update(`${path}\0`).update(bytes);
  for (const path of ledger.paths()) hash.update(`${path} ${ledger.promised(path).join(' ')}\0`);
  return hash.digest('hex');
}
