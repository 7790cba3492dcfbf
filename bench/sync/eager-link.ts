// A link between a node and its parent that counts requests and lets no round wait: it writes `"waitSeconds":0` over what the
// node asked for. So the node does one round after the other, and what a round costs in which nothing changed can be measured.
import { once } from 'node:events';
import { Agent, createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface EagerLink {
  readonly port: number;
  /** Method and path of each request that was answered. */
  readonly answered: readonly string[];
  close(): Promise<void>;
}

export async function startEagerLink(targetPort: number): Promise<EagerLink> {
  const answered: string[] = [];
  const agent = new Agent({ keepAlive: true });
  const server = createServer((asked, answer) => {
    forward(asked, answer, agent, targetPort).then(
      () => answered.push(`${asked.method} ${asked.url}`),
      () => answer.destroy(),
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    answered,
    close: async () => {
      server.closeAllConnections();
      server.close();
      agent.destroy();
    },
  };
}

async function forward(
  asked: IncomingMessage,
  answer: ServerResponse,
  agent: Agent,
  port: number,
): Promise<void> {
  const { method, url, headers } = asked;
  const onward = request({ host: '127.0.0.1', port, method, path: url, headers, agent });
  const answering = once(onward, 'response') as Promise<[IncomingMessage]>;
  onward.end(withoutWait(await bodyOf(asked)));
  const [response] = await answering;
  const body = await bodyOf(response);
  answer.writeHead(response.statusCode ?? 502, response.headers).end(body);
}

/** As long as before, for the length stands in the head: JSON does not mind the spaces. */
function withoutWait(body: Buffer): Buffer {
  const text = body.toString('utf8');
  return Buffer.from(text.replace(/"waitSeconds":\d+/, (found) => '"waitSeconds":0'.padEnd(found.length)));
}

async function bodyOf(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of message as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
}
