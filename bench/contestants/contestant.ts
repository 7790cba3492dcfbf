// A server that takes part: where it listens, what a caller must say, and how it is stopped.

export interface Contestant {
  readonly name: string;
  readonly port: number;
  readonly pid: number;
  /** The Authorization header of a caller that may push to and pull from the bench's repository; undefined: none needed. */
  readonly authorization: string | undefined;
  close(): Promise<void>;
}
