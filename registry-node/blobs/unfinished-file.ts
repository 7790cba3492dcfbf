// The way in: a blob that arrives, as a file that grows. Bytes are hashed while they are written, so a push is read once.
// The running hash lives as long as the file is open and is a sha256; after a restart, after a failed write, or when the
// digest turns out to be a sha512, the file is read once more at the end instead.
import { unlink } from 'node:fs/promises';
import {
  createDigester,
  type Digest,
  type DigestAlgorithm,
  digestAlgorithm,
  finishDigest,
} from '../oci/digest.ts';
import { OciError } from '../oci/errors.ts';
import { limits } from '../oci/limits.ts';
import type { UnfinishedBlob } from './blob-store.ts';
import { type Batch, Batches } from './batches.ts';
import { type DirectFile, openDirectFile } from './direct-file.ts';
import { explainDiskError, hasCode, moveDurably } from './durable.ts';
import type { Flow } from './flow.ts';
import type { BlobLayout } from './layout.ts';
import type { OpenFolders } from './open-folders.ts';
import { type RunningHash, runningAlgorithm, startHash } from './running-hash.ts';

const readBytes = 1024 * 1024;

export interface UnfinishedFileOptions {
  id: string;
  path: string;
  layout: BlobLayout;
  folders: OpenFolders;
  /** See `BlobStore.unfinished`. */
  isNew: boolean;
  /** Called once, when the file is committed, released or discarded. */
  onClose: () => void;
  /** Called when the blob has its place: what lay there before, perhaps damaged, is another file. */
  onStored: (file: string) => void;
}

export async function openUnfinishedFile(options: UnfinishedFileOptions): Promise<UnfinishedBlob> {
  const opened = await openDirectFile(options.path, options).catch((error: unknown) => {
    throw explainDiskError(error);
  });
  return new UnfinishedFile(opened, options);
}

class UnfinishedFile implements UnfinishedBlob {
  readonly id: string;
  readonly #opened: DirectFile;
  readonly #options: UnfinishedFileOptions;
  #bytes: number;
  /** Of the bytes so far; undefined when it did not see them all. */
  #hash: RunningHash | undefined;
  #open = true;

  constructor(opened: DirectFile, options: UnfinishedFileOptions) {
    this.id = options.id;
    this.#opened = opened;
    this.#bytes = opened.size;
    this.#hash = opened.size === 0 ? startHash() : undefined;
    this.#options = options;
  }

  get bytes(): number {
    return this.#bytes;
  }

  async append(source: Flow): Promise<number> {
    const batches = new Batches(this.#bytes);
    let writing = Promise.resolve();
    // One batch is written while the next one arrives.
    const flush = async (batch: Batch): Promise<void> => {
      const previous = writing;
      writing = previous.then(() => this.#write(batch.bytes)).finally(() => batch.giveBack());
      writing.catch(() => undefined);
      await previous;
    };
    try {
      await source((piece) => {
        if (batches.end + piece.length > limits.blobBytesMax) throw new OciError('BLOB_TOO_LARGE');
        return batches.add(piece, flush);
      });
    } finally {
      // Also when the source failed: what arrived before is kept.
      const last = batches.take();
      if (last) await flush(last);
      await writing;
    }
    return this.#bytes;
  }

  async sync(): Promise<void> {
    try {
      await this.#opened.datasync();
    } catch (error) {
      // The kernel forgets what it could not write: a second sync would succeed, and the bytes would be nowhere.
      await this.discard().catch(() => undefined);
      throw explainDiskError(error);
    }
  }

  async commit(digest: Digest): Promise<number> {
    const { path, layout, folders } = this.#options;
    const found = await this.#digest(digestAlgorithm(digest));
    if (found !== digest) {
      await this.discard();
      throw new OciError('DIGEST_INVALID', `the content's digest is ${found}`, { expected: digest, found });
    }
    await this.sync();
    const target = layout.blob(digest);
    await moveDurably(path, target.file, target.folder, (folder) => folders.sync(folder)).catch(
      (error: unknown) => {
        throw explainDiskError(error);
      },
    );
    this.#options.onStored(target.file);
    // Nobody waits for it: all is on the disk, and a close has nothing to say any more.
    this.release().catch(() => undefined);
    return this.#bytes;
  }

  async release(): Promise<void> {
    if (!this.#open) return;
    this.#open = false;
    this.#endHash();
    try {
      await this.#opened.close();
    } finally {
      this.#options.onClose();
    }
  }

  async discard(): Promise<void> {
    if (!this.#open) return;
    try {
      await unlink(this.#options.path);
    } catch (error) {
      // A commit that failed after its rename has taken the name away already.
      if (!hasCode(error, 'ENOENT')) throw error;
    } finally {
      await this.release();
    }
  }

  async #write(bytes: Buffer): Promise<void> {
    const writing = this.#opened.write(bytes, this.#bytes);
    // Hashed while the disk is busy; should the write fail, the hash is ahead of the file.
    const hashing = this.#hash?.update(bytes);
    try {
      await writing;
      this.#bytes += bytes.length;
    } catch (error) {
      this.#endHash();
      // A piece that was written in part would count after a restart, and nobody was told of it.
      await this.#truncate().catch(() => undefined);
      throw explainDiskError(error);
    } finally {
      await hashing;
    }
  }

  #endHash(): void {
    this.#hash?.end();
    this.#hash = undefined;
  }

  async #truncate(): Promise<void> {
    const file = await this.#opened.plain();
    await file.truncate(this.#bytes);
  }

  async #digest(algorithm: DigestAlgorithm): Promise<Digest> {
    const known = algorithm === runningAlgorithm ? this.#hash?.digest() : undefined;
    if (known) return known;
    const hash = createDigester(algorithm);
    const file = await this.#opened.plain();
    const buffer = Buffer.allocUnsafe(readBytes);
    for (let position = 0; position < this.#bytes;) {
      const { bytesRead } = await file.read(buffer, 0, buffer.length, position);
      if (bytesRead === 0) throw new Error(`an unfinished blob's file ends at ${position}, before its size`);
      hash.update(buffer.subarray(0, bytesRead));
      position += bytesRead;
    }
    return finishDigest(algorithm, hash);
  }
}
