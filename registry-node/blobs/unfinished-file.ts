// The way in: a blob that arrives, as a file that grows. Bytes are hashed while they are written, so a push is read once.
// The running hash lives as long as the file is open and is a sha256; after a restart, after a failed write, or when the
// digest turns out to be a sha512, the file is read once more at the end instead.
import type { Hash } from 'node:crypto';
import { type FileHandle, open, unlink } from 'node:fs/promises';
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
import { explainDiskError, hasCode, moveDurably, writeFully } from './durable.ts';
import type { BlobLayout } from './layout.ts';

/** Small chunks from the network are written together; also the most that waits in memory for one blob, twice. */
const batchBytes = 1024 * 1024;
const running: DigestAlgorithm = 'sha256';

export interface UnfinishedFileOptions {
  id: string;
  path: string;
  layout: BlobLayout;
  /** Called once, when the file is committed, released or discarded. */
  onClose: () => void;
  /** Called when the blob has its place: what lay there before, perhaps damaged, is another file. */
  onStored: (file: string) => void;
}

export async function openUnfinishedFile(options: UnfinishedFileOptions): Promise<UnfinishedBlob> {
  const file = await openOrCreate(options.path).catch((error: unknown) => {
    throw explainDiskError(error);
  });
  return new UnfinishedFile(file, (await file.stat()).size, options);
}

async function openOrCreate(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'r+');
  } catch (error) {
    if (!hasCode(error, 'ENOENT')) throw error;
    return open(path, 'wx+', 0o600);
  }
}

class UnfinishedFile implements UnfinishedBlob {
  readonly id: string;
  readonly #file: FileHandle;
  readonly #options: UnfinishedFileOptions;
  #bytes: number;
  /** Of the bytes so far; undefined when it did not see them all. */
  #hash: Hash | undefined;
  #open = true;

  constructor(file: FileHandle, bytes: number, options: UnfinishedFileOptions) {
    this.id = options.id;
    this.#file = file;
    this.#bytes = bytes;
    this.#hash = bytes === 0 ? createDigester(running) : undefined;
    this.#options = options;
  }

  get bytes(): number {
    return this.#bytes;
  }

  async append(source: AsyncIterable<Uint8Array>): Promise<number> {
    let batch: Uint8Array[] = [];
    let batched = 0;
    let writing = Promise.resolve();
    // One batch is written while the next one arrives.
    const flush = async (): Promise<void> => {
      await writing;
      writing = this.#write(batch, batched);
      writing.catch(() => undefined);
      batch = [];
      batched = 0;
    };
    try {
      for await (const chunk of source) {
        if (this.#bytes + batched + chunk.length > limits.blobBytesMax) throw new OciError('BLOB_TOO_LARGE');
        batch.push(chunk);
        batched += chunk.length;
        if (batched >= batchBytes) await flush();
      }
    } finally {
      // Also when the source failed: what arrived before is kept.
      if (batched > 0) await flush();
      await writing;
    }
    return this.#bytes;
  }

  async sync(): Promise<void> {
    try {
      await this.#file.datasync();
    } catch (error) {
      // The kernel forgets what it could not write: a second sync would succeed, and the bytes would be nowhere.
      await this.discard().catch(() => undefined);
      throw explainDiskError(error);
    }
  }

  async commit(digest: Digest): Promise<number> {
    const { path, layout } = this.#options;
    const found = await this.#digest(digestAlgorithm(digest));
    if (found !== digest) {
      await this.discard();
      throw new OciError('DIGEST_INVALID', `the content's digest is ${found}`, { expected: digest, found });
    }
    await this.sync();
    const target = layout.blob(digest);
    await moveDurably(path, target.file, target.folder).catch((error: unknown) => {
      throw explainDiskError(error);
    });
    this.#options.onStored(target.file);
    await this.release();
    return this.#bytes;
  }

  async release(): Promise<void> {
    if (!this.#open) return;
    this.#open = false;
    try {
      await this.#file.close();
    } finally {
      this.#options.onClose();
    }
  }

  async discard(): Promise<void> {
    if (!this.#open) return;
    await unlink(this.#options.path).catch((error: unknown) => {
      // A commit that failed after its rename has taken the name away already.
      if (!hasCode(error, 'ENOENT')) throw error;
    });
    await this.release();
  }

  async #write(batch: Uint8Array[], length: number): Promise<void> {
    const writing = writeFully(this.#file, batch, this.#bytes);
    // Hashed on this thread while the disk is busy; should the write fail, the hash is ahead of the file.
    const hash = this.#hash;
    for (const piece of batch) hash?.update(piece);
    try {
      await writing;
      this.#bytes += length;
    } catch (error) {
      this.#hash = undefined;
      // A piece that was written in part would count after a restart, and nobody was told of it.
      await this.#file.truncate(this.#bytes).catch(() => undefined);
      throw explainDiskError(error);
    }
  }

  async #digest(algorithm: DigestAlgorithm): Promise<Digest> {
    if (algorithm === running && this.#hash) return finishDigest(algorithm, this.#hash.copy());
    const hash = createDigester(algorithm);
    const buffer = Buffer.allocUnsafe(batchBytes);
    for (let position = 0; position < this.#bytes;) {
      const { bytesRead } = await this.#file.read(buffer, 0, buffer.length, position);
      if (bytesRead === 0) throw new Error(`an unfinished blob's file ends at ${position}, before its size`);
      hash.update(buffer.subarray(0, bytesRead));
      position += bytesRead;
    }
    return finishDigest(algorithm, hash);
  }
}
