// A request with an access token of the control plane.
import type { AxiosResponse } from 'axios';
import type { Http } from './http.ts';
import type { Api, SignIn } from './sign-in.ts';

/**
 * A kept token may be refused (a control plane made anew signs with another key): once, a fresh one is tried.
 * @returns any answer
 */
export async function sendSignedIn<T>(
  { http, signIn }: { http: Http; signIn: SignIn },
  api: Api,
  method: string,
  url: string,
  body?: unknown,
): Promise<AxiosResponse<T>> {
  const attempt = async (fresh: boolean): Promise<AxiosResponse<T>> =>
    http.send<T>({
      method,
      url,
      headers: {
        authorization: `Bearer ${await signIn.accessToken(fresh, api)}`,
        accept: 'application/json',
        // What has no content has no type; axios would name one.
        'content-type': body === undefined ? null : 'application/json',
      },
      ...(body !== undefined && { data: body }),
    });
  const response = await attempt(false);
  return response.status === 401 ? attempt(true) : response;
}
