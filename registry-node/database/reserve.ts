// Room that is set aside beside a database. SQLite needs some to open one (its log and the index of that), so that on a full disk
// a registry could not even start, neither to serve what it has nor to collect the garbage that would make room. What was set
// aside is given up then, and half of it is taken back: the rest is for the rows that removing something writes, and there is
// something left for the next start.
import { open, stat, unlink } from 'node:fs/promises';
import { isFull } from './result-codes.ts';

const reserveBytes = 1024 * 1024;
const pieceBytes = 64 * 1024;

/** @param file the database @param openIt is called once more with the room that was set aside. @throws what it throws */
export async function openWithReserve<T>(file: string, openIt: () => Promise<T>): Promise<T> {
  const reserve = `${file}-reserve`;
  const held = (await stat(reserve).catch(() => undefined))?.size ?? 0;
  try {
    const opened = await openIt();
    await setAside(reserve, held, reserveBytes);
    return opened;
  } catch (error) {
    if (held === 0 || !isFull(error)) throw error;
    await unlink(reserve);
    const opened = await openIt();
    await setAside(reserve, 0, Math.floor(held / 2));
    return opened;
  }
}

/** As much as there is room for: without it all works as long as the disk is not full. */
async function setAside(path: string, held: number, wanted: number): Promise<void> {
  if (held >= wanted) return;
  const file = await open(path, 'a', 0o600).catch(() => undefined);
  if (!file) return;
  try {
    for (let bytes = held; bytes < wanted;) {
      const { bytesWritten } = await file.write(Buffer.alloc(Math.min(pieceBytes, wanted - bytes)));
      bytes += bytesWritten;
    }
  } catch {
    // The disk is full now, and what was written is there.
  } finally {
    await file.close().catch(() => undefined);
  }
}
