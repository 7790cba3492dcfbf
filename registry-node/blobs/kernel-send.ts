// From the page cache into a socket by Linux's sendfile(2): no copy into a buffer, none out of it, and no buffer. That halves
// the processor time of a large pull. Node has no sendfile, so the C library's is called as a foreign function (`node:ffi`,
// there from Node 26 on with a flag: cli/process/server-flags.ts). Reading the disk would stop the event loop, so the kernel
// is asked first whether it has the bytes in memory (cachestat(2), Linux 6.5). Where any of it is missing, blobs leave as
// those do that are not in memory: by way of a thread and a buffer (send.ts).

import type * as foreignFunctions from 'node:ffi';

export interface KernelSend {
  /** Whether all of these bytes of the file with the descriptor `file` are in memory. */
  holds(file: number, position: number, length: number): boolean;
  /**
   * Sends what the socket takes at once; both are descriptors.
   * @returns bytes sent; 0 after an error, too, which the next read from the file or write to the socket meets again
   */
  send(socket: number, file: number, position: number, length: number): number;
}

/** File offsets and sizes have 64 bits in C on these. */
const architectures = new Set(['x64', 'arm64']);
/** A call that the C library need not have a function for. Kernels number new calls alike on all architectures. */
const cachestatNumber = 451n;
/** `struct cachestat` has five words, and the pages in memory come first. */
const cachestatWords = 5;
const pageSizeName = 30;

/** @returns undefined where the system or this Node does not offer it */
export function openKernelSend(): KernelSend | undefined {
  if (process.platform !== 'linux' || !architectures.has(process.arch)) return undefined;
  const ffi = process.getBuiltinModule('node:ffi') as typeof foreignFunctions | undefined;
  try {
    return ffi && bind(ffi);
  } catch {
    // Another C library, or `node:ffi`, which is experimental, has changed.
    return undefined;
  }
}

function bind(ffi: typeof foreignFunctions): KernelSend {
  const { functions } = ffi.dlopen(null, {
    sendfile: { arguments: ['int32', 'int32', 'buffer', 'uint64'], return: 'int64' },
    syscall: { arguments: ['int64', 'int32', 'buffer', 'buffer', 'uint32'], return: 'int64' },
    sysconf: { arguments: ['int32'], return: 'int64' },
  });
  const pageBytes = Number(functions.sysconf(pageSizeName));
  // The kernel reads and writes them during a call and not after it, so all calls share them.
  const offset = new BigInt64Array(1);
  const range = new BigUint64Array(2);
  const found = new BigUint64Array(cachestatWords);
  return {
    holds: (file, position, length) => {
      range[0] = BigInt(position);
      range[1] = BigInt(length);
      if (functions.syscall(cachestatNumber, file, range, found, 0) !== 0n) return false;
      const pages = Math.floor((position + length - 1) / pageBytes) - Math.floor(position / pageBytes) + 1;
      return Number(found[0]) >= pages;
    },
    send: (socket, file, position, length) => {
      offset[0] = BigInt(position);
      return Math.max(0, Number(functions.sendfile(socket, file, offset, BigInt(length))));
    },
  };
}
