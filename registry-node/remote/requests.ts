// Requests that sign in when they are challenged: once with what is kept, once more with what the challenge asked for.
import { doubtAbsence } from './absence.ts';
import { parseChallenges } from './challenge.ts';
import type { Answer } from './answer.ts';
import type { Exchange, ExchangeRequest } from './exchange.ts';
import { gateway, type Purpose } from './purpose.ts';
import type { SignIn } from './sign-in.ts';

export interface AuthorizedRequest extends Omit<ExchangeRequest, 'url'> {
  /** Path and query, or the address that an earlier answer named. Another host's gets no credentials. */
  path: string | URL;
  purpose: Purpose;
}

export interface Requests {
  /** The registry's own address. */
  readonly origin: URL;
  /** Any status but 401. @throws RemoteError unauthorized, unreachable; the reason of an aborted `signal` */
  send(request: AuthorizedRequest): Promise<Answer>;
  /** Only a success. @throws RemoteError for every other status */
  expect(request: AuthorizedRequest): Promise<Answer>;
}

export interface RequestsOptions {
  origin: URL;
  exchange: Exchange;
  signIn: SignIn;
  /** Every answer of the registry about content carries its mark: a 404 without it proves nothing (absence.ts). */
  marksAnswers?: boolean | undefined;
}

export function createRequests(options: RequestsOptions): Requests {
  const { origin, exchange, signIn, marksAnswers = false } = options;
  const doubts = ({ key }: Purpose): boolean => marksAnswers && key !== gateway.key;
  const signedIn = async (
    purpose: Purpose,
    header: Promise<string | undefined>,
  ): Promise<string | undefined> => {
    try {
      return await header;
    } catch (error) {
      throw doubts(purpose) ? doubtAbsence(error) : error;
    }
  };
  const requests: Requests = {
    origin,
    async send({ path, purpose, ...request }) {
      const url = new URL(path, origin);
      const ours = url.origin === origin.origin;
      const attempt = (authorization: string | undefined): Promise<Answer> =>
        exchange.send({
          ...request,
          url,
          headers: { ...request.headers, ...(authorization && ours ? { authorization } : {}) },
        });
      const first = await attempt(await signedIn(purpose, signIn.header(purpose)));
      if (first.status !== 401 || !ours) return first;
      const refused = await exchange.failure({ ...request, url }, first);
      const challenge = parseChallenges(first.headers('www-authenticate'));
      const header = await signedIn(purpose, signIn.answer(purpose, challenge));
      // A stream is spent by its first attempt: its sender starts again, with the token that is kept by now.
      if (header === undefined || isStream(request.body)) throw refused;
      const second = await attempt(header);
      if (second.status === 401) throw await exchange.failure({ ...request, url }, second);
      return second;
    },
    async expect(request) {
      const answer = await requests.send(request);
      if (answer.status >= 200 && answer.status <= 299) return answer;
      const failure = await exchange.failure({ ...request, url: answer.url }, answer);
      throw doubts(request.purpose) ? doubtAbsence(failure, answer, request.method === 'HEAD') : failure;
    },
  };
  return requests;
}

function isStream(body: ExchangeRequest['body']): boolean {
  return body !== undefined && typeof body !== 'string' && !(body instanceof Uint8Array);
}
