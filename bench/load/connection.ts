// A client that costs as little as JavaScript can: one socket, one request at a time, bodies counted and thrown away. It
// shares two cores with the server that it measures, so what it saves is what the server gets.
import { connect, type Socket } from 'node:net';

export interface Answer {
  status: number;
  location: string | undefined;
  bodyBytes: number;
}

export interface Request {
  method: string;
  /** With its query. */
  path: string;
  authorization?: string | undefined;
  body?: readonly Uint8Array[];
  /** Of the body; bytes without meaning when absent. */
  contentType?: string;
}

/** What is read at once from the kernel; the buffer is the same each time. */
const readBytes = 256 * 1024;
export const manifestType = 'application/vnd.oci.image.manifest.v1+json';
const endOfHead = '\r\n\r\n';

export class Connection {
  readonly #socket: Socket;
  readonly #host: string;
  readonly #answered: (answer: Answer) => void = (answer) => this.#waiting?.resolve(answer);
  #waiting: PromiseWithResolvers<Answer> | undefined;
  #withoutBody = false;
  #head = '';
  #answer: Answer | undefined;
  #left = 0;

  private constructor(socket: Socket, host: string) {
    this.#socket = socket;
    this.#host = host;
  }

  static async open(port: number): Promise<Connection> {
    const buffer = Buffer.allocUnsafeSlow(readBytes);
    const opened = Promise.withResolvers<void>();
    const onread = {
      buffer,
      callback: (bytes: number) => {
        connection.#receive(buffer, bytes);
        return true;
      },
    };
    const socket = connect({ port, host: '127.0.0.1', noDelay: true, onread }, opened.resolve);
    const connection = new Connection(socket, `127.0.0.1:${port}`);
    const fail = (error: Error): void => {
      opened.reject(error);
      connection.#waiting?.reject(error);
    };
    socket.on('error', fail);
    socket.on('close', () => fail(new Error('the server closed the connection in the middle of an answer')));
    await opened.promise;
    return connection;
  }

  /** Serialised once, so that a loop of equal requests costs a write each. */
  prepare({
    method,
    path,
    authorization,
    body = [],
    contentType = 'application/octet-stream',
  }: Request): () => Promise<Answer> {
    const length = body.reduce((sum, piece) => sum + piece.length, 0);
    const lines = [`${method} ${path} HTTP/1.1`, `Host: ${this.#host}`];
    if (authorization !== undefined) lines.push(`Authorization: ${authorization}`);
    if (method !== 'GET' && method !== 'HEAD') lines.push(`Content-Length: ${length}`);
    // What else a registry has, it would translate, or hide.
    if (path.includes('/manifests/')) lines.push(`Accept: ${manifestType}`);
    if (length > 0) lines.push(`Content-Type: ${contentType}`);
    const head = Buffer.from(`${lines.join('\r\n')}${endOfHead}`);
    return () => {
      this.#withoutBody = method === 'HEAD';
      this.#waiting = Promise.withResolvers();
      this.#socket.cork();
      this.#socket.write(head);
      for (const piece of body) this.#socket.write(piece);
      this.#socket.uncork();
      return this.#waiting.promise;
    };
  }

  ask(request: Request): Promise<Answer> {
    return this.prepare(request)();
  }

  close(): void {
    this.#waiting = undefined;
    this.#socket.destroy();
  }

  #receive(buffer: Buffer, bytes: number): void {
    if (this.#answer) {
      this.#left -= bytes;
    } else {
      const text = this.#head + buffer.toString('latin1', 0, bytes);
      const end = text.indexOf(endOfHead);
      if (end < 0) {
        this.#head = text;
        return;
      }
      const bodyBytes = this.#parse(text.slice(0, end + 2));
      this.#left = bodyBytes - (text.length - end - endOfHead.length);
    }
    if (this.#left > 0) return;
    const answer = this.#answer;
    this.#answer = undefined;
    this.#head = '';
    if (answer) this.#answered(answer);
  }

  /** @returns bytes of the body that follows */
  #parse(head: string): number {
    const status = Number(head.slice(9, 12));
    const length = /\r\ncontent-length: (\d+)/i.exec(head)?.[1];
    if (length === undefined && !this.#withoutBody && status !== 204) {
      throw new Error(`an answer without Content-Length cannot be measured: ${head}`);
    }
    const bodyBytes = this.#withoutBody ? 0 : Number(length ?? 0);
    this.#answer = { status, location: /\r\nlocation: (.+)\r\n/i.exec(head)?.[1], bodyBytes };
    return bodyBytes;
  }
}
