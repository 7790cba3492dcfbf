// The way out to real clients of real servers: what the kernel sends and what goes by way of buffers arrive as one.
import { once } from 'node:events';
import { mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { createServer, get, Agent, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import * as https from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { buffer } from 'node:stream/consumers';
import { assert, describe } from '../../fixtures/describe.ts';
import { developmentCertificate } from '../../fixtures/development-certificate.ts';
import { randomBytes } from '../../fixtures/images/random-bytes.ts';
import type { ByteRange } from './blob-store.ts';
import { type KernelSend, openKernelSend } from './kernel-send.ts';
import { sendFile } from './send.ts';

const size = 20 * 1024 * 1024 + 777;
const bytes = Buffer.concat([...randomBytes('sent', size)]);
const whole: ByteRange = { start: 0, end: size - 1 };
const real = openKernelSend();

describe('sendFile', ({ test, skip, before, after }) => {
  let folder: string;
  let path: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'acrc-send-'));
    path = join(folder, 'blob');
    await writeFile(path, bytes);
  });
  after(() => rm(folder, { recursive: true }));

  /** Sends a range to each who asks, and notes how each ended. */
  const serving = async (
    work: (port: number, outcomes: Promise<void>[]) => Promise<void>,
    { range = whole, kernel }: { range?: ByteRange; kernel?: KernelSend | undefined },
    create: (listener: RequestListener) => Server = createServer,
  ): Promise<void> => {
    const outcomes: Promise<void>[] = [];
    await using file = await open(path);
    const server = create((_request, response) => {
      response.writeHead(200, { 'content-length': range.end + 1 - range.start });
      const sent = sendFile(file, response, range, kernel).then(() => void response.end());
      sent.catch(() => response.destroy());
      outcomes.push(sent);
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    try {
      await work((server.address() as AddressInfo).port, outcomes);
      await Promise.allSettled(outcomes);
    } finally {
      server.closeAllConnections();
      server.close();
    }
  };
  const expected = ({ start, end }: ByteRange): Buffer => bytes.subarray(start, end + 1);

  const ranges: [string, ByteRange][] = [
    ['a whole file', whole],
    ['what lies within it', { start: 12_345, end: size - 54_321 }],
    ['less than a piece', { start: 7, end: 1000 }],
    ['its last byte', { start: size - 1, end: size - 1 }],
  ];
  for (const [what, range] of ranges) {
    for (const [how, kernel] of [
      ['by the kernel', real],
      ['by buffers', undefined],
    ] as const) {
      test(`sends ${what} ${how}, again and again on one connection`, () =>
        serving(
          async (port) => {
            const agent = new Agent({ keepAlive: true, maxSockets: 1 });
            for (let time = 0; time < 3; time++) {
              assert.ok((await buffer(await asked(port, { agent }))).equals(expected(range)));
            }
            agent.destroy();
          },
          { range, kernel },
        ));
    }
  }
  test('goes on by buffers from where the disk has to be read', async () => {
    const counted = counting(real ?? sendingNothing, { heldBytes: 5_000_000 });
    await serving(async (port) => assert.ok((await buffer(await asked(port))).equals(bytes)), {
      kernel: counted,
    });
    assert.ok(counted.sentBytes <= 5_000_000);
  });
  test('sends by pieces what the kernel refuses to send', () =>
    serving(async (port) => assert.ok((await buffer(await asked(port))).equals(bytes)), {
      kernel: sendingNothing,
    }));
  test('never hands the kernel a connection that is encrypted', async () => {
    const counted = counting(sendingNothing);
    const { tls } = await developmentCertificate();
    await serving(
      async (port) => {
        const [answer] = (await once(
          https.get({ port, host: '127.0.0.1', rejectUnauthorized: false }),
          'response',
        )) as [IncomingMessage];
        assert.ok((await buffer(answer)).equals(bytes));
      },
      { kernel: counted },
      (listener) => https.createServer(tls, listener),
    );
    assert.equal(counted.calls, 0);
  });
  if (!real) {
    skip(
      'sends most of it by the kernel',
      'needs Linux 6.5 and Node 26 with --experimental-ffi, as npm test starts it',
    );
    return;
  }
  test('sends most of it by the kernel, to slow readers, too', async () => {
    const counted = counting(real);
    await serving(
      async (port) => {
        const answers = await Promise.all(Array.from({ length: 4 }, () => asked(port)));
        await Promise.all(
          answers.map(async (answer) => {
            const received: Buffer[] = [];
            for await (const chunk of answer) {
              received.push(chunk as Buffer);
              if (received.length % 50 === 0) await sleep(1);
            }
            assert.ok(Buffer.concat(received).equals(bytes));
          }),
        );
      },
      { kernel: counted },
    );
    assert.ok(counted.sentBytes > 4 * size * 0.5, `${counted.sentBytes} bytes`);
  });
  test('ends when the reader goes away', () =>
    serving(
      async (port, outcomes) => {
        const answer = await asked(port);
        await once(answer, 'readable');
        answer.destroy();
        await assert.rejects(outcomes[0]!, /went away|EPIPE|ECONNRESET/);
      },
      { kernel: real },
    ));
});

async function asked(port: number, options: { agent?: Agent } = {}): Promise<IncomingMessage> {
  const [answer] = (await once(get({ port, host: '127.0.0.1', ...options }), 'response')) as [
    IncomingMessage,
  ];
  return answer;
}

const sendingNothing: KernelSend = { holds: () => true, send: () => 0 };

/** @param heldBytes of the file's beginning; the rest is not in memory */
function counting(
  kernel: KernelSend,
  { heldBytes = Infinity } = {},
): KernelSend & { calls: number; sentBytes: number } {
  return {
    calls: 0,
    sentBytes: 0,
    holds: (file, position, length) => position + length <= heldBytes && kernel.holds(file, position, length),
    send(...words) {
      this.calls += 1;
      const sent = kernel.send(...words);
      this.sentBytes += sent;
      return sent;
    },
  };
}
