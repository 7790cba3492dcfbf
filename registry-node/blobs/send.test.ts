// The way out to real clients of real servers.
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { createServer, get, Agent, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import * as https from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { assert, describe } from '../../fixtures/describe.ts';
import { developmentCertificate } from '../../fixtures/development-certificate.ts';
import { randomBytes } from '../../fixtures/images/random-bytes.ts';
import type { ByteRange } from './blob-store.ts';
import { sendFile } from './send.ts';

const size = 20 * 1024 * 1024 + 777;
const bytes = Buffer.concat([...randomBytes('sent', size)]);
const whole: ByteRange = { start: 0, end: size - 1 };
const expectedDigest = createHash('sha256').update(bytes).digest('hex');

describe('sendFile', ({ test, before, after }) => {
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
    range = whole,
    create: (listener: RequestListener) => Server = createServer,
  ): Promise<void> => {
    const outcomes: Promise<void>[] = [];
    await using file = await open(path);
    const server = create((_request, response) => {
      response.writeHead(200, { 'content-length': range.end + 1 - range.start });
      const sent = sendFile({ file, size }, response, range).then(() => void response.end());
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
    test(`sends ${what}, again and again on one connection`, () =>
      serving(async (port) => {
        const agent = new Agent({ keepAlive: true, maxSockets: 1 });
        for (let time = 0; time < 3; time++) {
          assert.ok((await buffer(await asked(port, { agent }))).equals(expected(range)));
        }
        agent.destroy();
      }, range));
  }
  test('sends over an encrypted connection', async () => {
    const { tls } = await developmentCertificate();
    await serving(
      async (port) => {
        const request = https.get({ port, host: '127.0.0.1', rejectUnauthorized: false });
        const [answer] = (await once(request, 'response')) as [IncomingMessage];
        assert.ok((await buffer(answer)).equals(bytes));
      },
      whole,
      (listener) => https.createServer(tls, listener),
    );
  });
  test('sends the same to a crowd, each member at its own speed', () =>
    serving(async (port) => {
      const answers = await Promise.all(Array.from({ length: 16 }, () => asked(port)));
      await Promise.all(
        answers.map(async (answer, index) => {
          const received = createHash('sha256');
          let count = 0;
          for await (const chunk of answer) {
            received.update(chunk as Buffer);
            if (index % 4 === 0 && (count += 1) % 30 === 0) await sleep(1);
          }
          assert.equal(received.digest('hex'), expectedDigest);
        }),
      );
    }));
  test('ends when the reader goes away, and others go on', () =>
    serving(async (port, outcomes) => {
      const [leaving, staying] = await Promise.all([asked(port), asked(port)]);
      await once(leaving, 'readable');
      leaving.destroy();
      assert.ok((await buffer(staying)).equals(bytes));
      const ended = await Promise.allSettled(outcomes);
      assert.deepEqual(ended.map(({ status }) => status).sort(), ['fulfilled', 'rejected']);
    }));
  test('says when the file is shorter than it was', async () => {
    await using file = await open(path);
    const target = new PassThrough().resume();
    const sent = sendFile({ file, size: size + 1_000_000 }, target, { start: 0, end: size + 999_999 });
    await assert.rejects(sent, /ends at/);
  });
});

async function asked(port: number, options: { agent?: Agent } = {}): Promise<IncomingMessage> {
  const [answer] = (await once(get({ port, host: '127.0.0.1', ...options }), 'response')) as [
    IncomingMessage,
  ];
  return answer;
}
