// A client that costs next to nothing: it counts what comes and lets the kernel throw it away (recv(2) with MSG_TRUNC), so that
// of a machine's two cores the server has what a client on another machine would leave it. One thread, no event loop, the
// system's own calls as foreign functions: the process that measures does nothing else meanwhile.
import { dlopen } from 'node:ffi';
import type { Contestant } from '../contestants/contestant.ts';
import { type Repeated, warmUpMs } from './load.ts';

interface Reader {
  descriptor: number;
  /** Bytes of the body that is on its way. */
  left: number;
}

const { functions: system } = dlopen(null, {
  socket: { arguments: ['int32', 'int32', 'int32'], return: 'int32' },
  connect: { arguments: ['int32', 'buffer', 'uint32'], return: 'int32' },
  send: { arguments: ['int32', 'buffer', 'uint64', 'int32'], return: 'int64' },
  recv: { arguments: ['int32', 'buffer', 'uint64', 'int32'], return: 'int64' },
  poll: { arguments: ['buffer', 'uint64', 'int32'], return: 'int32' },
  close: { arguments: ['int32'], return: 'int32' },
});
// Of Linux, as is MSG_TRUNC for TCP.
const afInet = 2;
const sockStream = 1;
const msgPeek = 0x02;
const msgTrunc = 0x20;
const msgDontwait = 0x40;
const pollIn = 1;
const pollBytes = 8;
const silenceMaxMs = 10_000;
const head = Buffer.alloc(16 * 1024);

/** GETs the same thing on all connections, again as soon as it has come. @returns bytes of bodies in a second */
export function pullDiscarding(
  { port, authorization }: Contestant,
  { request: { path }, connections, forMs }: Repeated,
): number {
  const lines = [`GET ${path} HTTP/1.1`, `Host: 127.0.0.1:${port}`];
  if (authorization !== undefined) lines.push(`Authorization: ${authorization}`);
  const request = Buffer.from(`${lines.join('\r\n')}\r\n\r\n`);
  const readers = Array.from({ length: connections }, () => ({ descriptor: open(port), left: 0 }));
  try {
    for (const { descriptor } of readers) ask(descriptor, request);
    const startsAt = performance.now() + warmUpMs;
    receive(readers, request, startsAt);
    return (receive(readers, request, startsAt + forMs) * 1000) / forMs;
  } finally {
    for (const { descriptor } of readers) system.close(descriptor);
  }
}

function open(port: number): number {
  const descriptor = system.socket(afInet, sockStream, 0);
  // `struct sockaddr_in`: the family as the machine writes it, then port and address as the network does.
  const address = Buffer.alloc(16);
  address.writeUInt16LE(afInet);
  address.writeUInt16BE(port, 2);
  address.set([127, 0, 0, 1], 4);
  if (system.connect(descriptor, address, address.length) !== 0)
    throw new Error(`nothing listens on port ${port}`);
  return descriptor;
}

function ask(descriptor: number, request: Buffer): void {
  const sent = Number(system.send(descriptor, request, BigInt(request.length), 0));
  if (sent !== request.length) throw new Error('the server does not take a request');
}

/** @returns bytes of bodies that came until `endsAt` */
function receive(readers: readonly Reader[], request: Buffer, endsAt: number): number {
  const polled = Buffer.alloc(readers.length * pollBytes);
  for (const [index, { descriptor }] of readers.entries()) {
    polled.writeInt32LE(descriptor, index * pollBytes);
    polled.writeInt16LE(pollIn, index * pollBytes + 4);
  }
  let bytes = 0;
  while (performance.now() < endsAt) {
    if (system.poll(polled, BigInt(readers.length), silenceMaxMs) <= 0)
      throw new Error(`the server sent nothing for ${silenceMaxMs / 1000} s`);
    for (const [index, reader] of readers.entries()) {
      if (polled.readInt16LE(index * pollBytes + 6) === 0) continue;
      if (reader.left === 0) reader.left = beginBody(reader);
      if (reader.left > 0) bytes += discard(reader);
      if (reader.left === 0) ask(reader.descriptor, request);
    }
  }
  return bytes;
}

/** Takes the head of an answer away. @returns bytes of the body behind it */
function beginBody({ descriptor }: Reader): number {
  const peeked = Number(system.recv(descriptor, head, BigInt(head.length), msgPeek));
  const text = head.toString('latin1', 0, Math.max(0, peeked));
  const length = /^HTTP\/1\.1 200 [^]*?\r\ncontent-length: (\d+)\r\n[^]*?\r\n\r\n/i.exec(text);
  if (!length) throw new Error(`expected 200 with a length, and the server answered: ${text.slice(0, 200)}`);
  system.recv(descriptor, head, BigInt(length[0].length), 0);
  return Number(length[1]);
}

function discard(reader: Reader): number {
  const bytes = Number(system.recv(reader.descriptor, head, BigInt(reader.left), msgTrunc | msgDontwait));
  if (bytes === 0) throw new Error('the server closed the connection in the middle of an answer');
  reader.left -= Math.max(0, bytes);
  return Math.max(0, bytes);
}
