// SQLite's words for what went wrong (its "Result and Error Codes"). The low byte is the kind; what is above tells it more precisely.

const codes = { busy: 5, ioError: 10, full: 13 } as const;
/** An I/O error: the index of the log (`-shm`) finds no room. */
const indexFull = codes.ioError | (19 << 8);

/** Another connection holds a lock. */
export function isBusy(error: unknown): boolean {
  return codeOf(error) % 256 === codes.busy;
}

/** The disk has no room, for the database or for what SQLite keeps beside it. */
export function isFull(error: unknown): boolean {
  const code = codeOf(error);
  return code === codes.full || code === indexFull;
}

function codeOf(error: unknown): number {
  return error instanceof Error && 'errcode' in error ? Number(error.errcode) : 0;
}
