// The loads that a server is put under. Each opens its connections, does its work on all of them at once, and says how
// much of it was done in a second.
import type { Contestant } from '../contestants/contestant.ts';
import { quantile } from '../quantile.ts';
import type { Blob } from './blobs.ts';
import { type Answer, Connection, type Request } from './connection.ts';

/** Before the clock starts: the server's code and the page cache are warm then, in all contestants. */
export const warmUpMs = 500;

export interface Repeated {
  request: Omit<Request, 'authorization'>;
  connections: number;
  forMs: number;
}

export interface Rate {
  requestsPerSecond: number;
  /** Of bodies received. */
  bytesPerSecond: number;
  /** The time that 99 of 100 requests took at most. */
  p99Ms: number;
}

/** Asks for the same thing on all connections, again as soon as it is answered. */
export async function repeat(
  { port, authorization }: Contestant,
  { request, connections, forMs }: Repeated,
): Promise<Rate> {
  const timesMs: number[] = [];
  let bytes = 0;
  const startsAt = performance.now() + warmUpMs;
  const endsAt = startsAt + forMs;
  await onEach(port, connections, async (connection) => {
    const ask = connection.prepare({ ...request, authorization });
    for (let askedAt = performance.now(); askedAt < endsAt;) {
      const { bodyBytes } = expect(200, await ask());
      const answeredAt = performance.now();
      // One that spans an end of the measured time counts when it is answered within it.
      if (answeredAt >= startsAt && answeredAt < endsAt) {
        timesMs.push(answeredAt - askedAt);
        bytes += bodyBytes;
      }
      askedAt = answeredAt;
    }
  });
  const seconds = forMs / 1000;
  return {
    requestsPerSecond: timesMs.length / seconds,
    bytesPerSecond: bytes / seconds,
    p99Ms: quantile(timesMs, 0.99),
  };
}

/** Pushes each blob as a client does: a session, then all its bytes in one PUT. @returns blobs per second */
export async function push(
  contestant: Contestant,
  repository: string,
  blobs: readonly Blob[],
  connections: number,
): Promise<number> {
  const queue = [...blobs];
  const startedAt = performance.now();
  await onEach(contestant.port, connections, async (connection) => {
    for (let blob = queue.pop(); blob; blob = queue.pop())
      await pushOne(connection, contestant, repository, blob);
  });
  return (blobs.length * 1000) / (performance.now() - startedAt);
}

async function pushOne(
  connection: Connection,
  { authorization }: Contestant,
  repository: string,
  { digest, pieces }: Blob,
): Promise<void> {
  const begin = { method: 'POST', path: `/v2/${repository}/blobs/uploads/`, authorization };
  const { location } = expect(202, await connection.ask(begin));
  const session = new URL(location ?? '', 'http://localhost');
  session.searchParams.set('digest', digest);
  const path = session.pathname + session.search;
  expect(201, await connection.ask({ method: 'PUT', path, authorization, body: pieces }));
}

async function onEach(
  port: number,
  connections: number,
  work: (connection: Connection) => Promise<void>,
): Promise<void> {
  const opened = await Promise.all(Array.from({ length: connections }, () => Connection.open(port)));
  try {
    await Promise.all(opened.map(work));
  } finally {
    for (const connection of opened) connection.close();
  }
}

export function expect(status: number, answer: Answer): Answer {
  if (answer.status !== status)
    throw new Error(`expected ${status}, and the server answered ${answer.status}`);
  return answer;
}
