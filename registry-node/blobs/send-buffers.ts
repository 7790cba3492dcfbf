// The buffers that blobs are sent from, shared by all sends of the process and bounded as a whole. They are lent for one
// write each and lent again after it: a fresh half mebibyte costs the kernel more than reading a cached file into it, and
// what a crowd throws away stays in memory until V8 collects it.

/** For few sends at once, which read ahead. Larger ones are not faster. */
const wholeBytes = 512 * 1024;
const wholeLentMax = 32;
/** For everybody else: a crowd of clients must not become a crowd of megabytes. */
const smallBytes = 32 * 1024;

/** Kept for the next write: 8 MiB of the one size, 16 MiB of the other. */
const wholeSpareMax = 16;
const smallSpareMax = 512;

const spare = { whole: [] as Buffer[], small: [] as Buffer[] };
let wholeLent = 0;

export interface SendBuffer {
  bytes: Buffer;
  /** There are enough for one more, to read into while this one is being written. */
  readsAhead: boolean;
  /** @param reusable false when somebody may still read from it */
  giveBack(reusable: boolean): void;
}

/** @param length what is wanted; there may be less */
export function takeSendBuffer(length: number): SendBuffer {
  return length > smallBytes && wholeLent < wholeLentMax ? takeWhole() : takeSmallSendBuffer();
}

function takeWhole(): SendBuffer {
  wholeLent += 1;
  const bytes = spare.whole.pop() ?? Buffer.allocUnsafeSlow(wholeBytes);
  const giveBack = (reusable: boolean): void => {
    wholeLent -= 1;
    if (reusable && spare.whole.length < wholeSpareMax) spare.whole.push(bytes);
  };
  return { bytes, readsAhead: true, giveBack };
}

/** For pieces that only begin what the kernel goes on with, too. */
export function takeSmallSendBuffer(): SendBuffer {
  const bytes = spare.small.pop() ?? Buffer.allocUnsafeSlow(smallBytes);
  const giveBack = (reusable: boolean): void => {
    if (reusable && spare.small.length < smallSpareMax) spare.small.push(bytes);
  };
  return { bytes, readsAhead: false, giveBack };
}
