// How axios sends a request here: by node:http and nothing else. The adapter that comes with axios also knows forms, redirects,
// proxies, compression and data URLs, none of which a control plane or a registry is asked with, and costs a short command a
// twentieth of its time.
import { type AxiosAdapter, AxiosError, AxiosHeaders, type AxiosResponse } from 'axios';
import { type ClientRequest, type IncomingMessage, request as plainRequest } from 'node:http';
import type { Readable } from 'node:stream';
import { version } from '../../registry-node/version.ts';

type Config = Parameters<AxiosAdapter>[0];

const userAgent = `acrc/${version}`;

/**
 * Sends text, a Buffer or a stream. Any status is an answer, redirects too; its body is text, or what `responseType` says:
 * `arraybuffer` a Buffer, `stream` the answer itself.
 * @throws AxiosError with the `code` of the failure: ECONNABORTED when nothing passed for `timeout` ms
 */
export const nodeHttp: AxiosAdapter = async (config) => {
  const request = await send(config);
  const answer = await answerTo(request, config);
  const response: AxiosResponse = {
    status: answer.statusCode!,
    statusText: answer.statusMessage!,
    headers: new AxiosHeaders(answer.headers as Record<string, string>),
    config,
    request,
    data: answer,
  };
  if (config.responseType === 'stream') return response;
  try {
    const bytes = await readAll(answer);
    return { ...response, data: config.responseType === 'arraybuffer' ? bytes : bytes.toString('utf8') };
  } catch (error) {
    throw failed(error, config, request);
  }
};

async function send(config: Config): Promise<ClientRequest> {
  const { url = '', method = 'get', headers, httpAgent, httpsAgent, socketPath, signal } = config;
  const data: unknown = config.data;
  const isTls = url.startsWith('https:');
  headers.set('User-Agent', userAgent, false);
  if (typeof data === 'string' || Buffer.isBuffer(data)) headers.setContentLength(Buffer.byteLength(data));
  // Loaded by who speaks TLS: no command does that asks the control plane of its machine.
  const open = isTls ? (await import('node:https')).request : plainRequest;
  const request = open(url, {
    method: method.toUpperCase(),
    headers: headers.toJSON(),
    agent: isTls ? httpsAgent : httpAgent,
    ...(socketPath && { socketPath }),
    ...(signal && { signal: signal as AbortSignal }),
  });
  if (isStream(data)) {
    // Its failure is the request's; a pipeline would call it a connection that was closed.
    data.once('error', (error) => request.destroy(error)).pipe(request);
    request.once('close', () => data.destroy());
  } else {
    request.end(data);
  }
  return request;
}

function answerTo(request: ClientRequest, config: Config): Promise<IncomingMessage> {
  const { timeout: timeoutMs = 0 } = config;
  return new Promise((resolve, reject) => {
    request.once('response', resolve).on('error', (error) => reject(failed(error, config, request)));
    if (timeoutMs > 0) request.setTimeout(timeoutMs, () => request.destroy(new TooSlow(timeoutMs)));
  });
}

class TooSlow extends Error {
  readonly code = AxiosError.ECONNABORTED;

  constructor(ms: number) {
    super(`nothing passed for ${ms} ms`);
  }
}

function failed(error: unknown, config: Config, request: ClientRequest): AxiosError {
  return AxiosError.from(error, undefined, config, request);
}

async function readAll(answer: IncomingMessage): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of answer as AsyncIterable<Buffer>) pieces.push(piece);
  return Buffer.concat(pieces);
}

function isStream(data: unknown): data is Readable {
  return typeof data === 'object' && data !== null && 'pipe' in data;
}
