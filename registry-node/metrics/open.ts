// The metrics of a process, at an address of their own: who may read them is who can reach it. Loaded by processes that are
// told to serve them, and by no others.
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Logger } from 'pino';
import { Registry } from 'prom-client';
import type { MetricsAddress } from '../config.ts';
import { listen } from '../http/listener.ts';
import { version } from '../version.ts';
import { toText } from './exposition.ts';
import type { Collector } from './metric.ts';
import { watchProcess } from './process.ts';
import { watchRequests } from './requests.ts';

export interface Metrics {
  /** The same handler, counted. */
  watch(handler: RequestListener): RequestListener;
  /** Answers `GET /metrics` with what it and `collect` tell, and nothing else. @throws PortTakenError */
  listen(address: MetricsAddress, collect: Collector): Promise<{ port: number; close(): Promise<void> }>;
}

/** Those that ask together are given the same text. */
const scrapesAtOnceMax = 8;

export function openMetrics(role: 'node' | 'control-plane', logger: Pick<Logger, 'error'>): Metrics {
  const counted = new Registry();
  watchProcess(counted, role, version);
  return {
    watch: watchRequests(counted, () => performance.now()),
    listen: async ({ host, port }, collect) => {
      let collecting: Promise<string> | undefined;
      const text = async (): Promise<string> => toText(counted, await collect());
      let scrapes = 0;
      const scrape = async (response: ServerResponse): Promise<void> => {
        if (scrapes >= scrapesAtOnceMax)
          return end(response, 503, 'Too many ask at once. Ask again later.\n');
        scrapes++;
        try {
          collecting ??= text().finally(() => (collecting = undefined));
          const body = await collecting;
          response.writeHead(200, { 'content-type': counted.contentType }).end(body);
        } catch (error) {
          logger.error({ err: error }, 'metrics not collected');
          end(response, 500, 'The metrics could not be collected; the log says why.\n');
        } finally {
          scrapes--;
        }
      };
      const handler = (request: IncomingMessage, response: ServerResponse): void => {
        const isAsked = request.url?.split('?')[0] === '/metrics';
        if (isAsked && (request.method === 'GET' || request.method === 'HEAD')) void scrape(response);
        else end(response, 404, 'There is nothing here but GET /metrics.\n');
      };
      const listener = await listen({ host, port, handler });
      return { port: listener.port, close: () => listener.close() };
    },
  };
}

function end(response: ServerResponse, code: number, text: string): void {
  response.writeHead(code, { 'content-type': 'text/plain; charset=utf-8' }).end(text);
}
