// Bodies of requests: read whole, and piece by piece in memory that is given back.
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { assert, describe } from '../../fixtures/describe.ts';
import { OciError } from '../oci/errors.ts';
import { bodyOf, readBody } from './body.ts';

const body = Buffer.alloc(1_000_000, 'the body ');

async function receive<T>(read: (request: IncomingMessage) => Promise<T>): Promise<T> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const answered = fetch(`http://127.0.0.1:${port}`, { method: 'POST', body });
  const [request, response] = await once(server, 'request');
  try {
    return await read(request);
  } finally {
    response.end();
    await (await answered).arrayBuffer();
    server.close();
  }
}

describe('the body of a request', ({ test }) => {
  test('is read whole', async () => {
    const tooLarge = () => new OciError('MANIFEST_TOO_LARGE');
    assert.ok((await receive((request) => readBody(request, body.length, tooLarge))).equals(body));
  });
  test('comes in pieces whose memory is free when the next is asked for', async () => {
    const kept: Uint8Array[] = [];
    const copies: Buffer[] = [];
    await receive(async (request) => {
      await bodyOf(request)((piece) => {
        assert.ok(piece.length > 0);
        assert.ok(kept.every(({ length }) => length === 0));
        kept.push(piece);
        copies.push(Buffer.from(piece));
        return copies.length % 2 ? undefined : Promise.resolve();
      });
    });
    assert.ok(Buffer.concat(copies).equals(body));
  });
});
