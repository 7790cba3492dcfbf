// Bodies of requests: as they come, in a way that an error of ours does not tear down, or whole within a bound.
import type { IncomingMessage } from 'node:http';
import { type Flow, flowOf, freed, gather } from '../blobs/flow.ts';
import type { OciError } from '../oci/errors.ts';

/** Of a body that nobody wants any more: below this the client hears the reason, above it the connection goes. */
const drainedBytesMax = 256 * 1024 * 1024;

/**
 * The body as it comes. Whoever ends it early can still answer: most clients read an answer only when they have sent all, so
 * the rest is read and thrown away. A client that goes away throws.
 */
export function bodyOf(request: IncomingMessage): Flow {
  const flow = freed(flowOf(request));
  return async (take) => {
    try {
      await flow(take);
    } finally {
      if (!request.readableEnded) drain(request);
    }
  };
}

function drain(request: IncomingMessage): void {
  let bytes = 0;
  request.on('error', () => undefined);
  request.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > drainedBytesMax) request.destroy();
  });
  request.resume();
}

/** @throws what `tooLarge` makes, as soon as the body is known to have more than `bytesMax` */
export async function readBody(
  request: IncomingMessage,
  bytesMax: number,
  tooLarge: () => OciError,
): Promise<Buffer> {
  if (Number(request.headers['content-length'] ?? 0) > bytesMax) throw tooLarge();
  return gather(bodyOf(request), bytesMax, tooLarge);
}
