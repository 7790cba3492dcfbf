// `az rest`: any request to the control plane, signed in, for what no command does.
import { readFile } from 'node:fs/promises';
import type { AxiosResponse } from 'axios';
import { apiVersion } from '../client/arm.ts';
import { armError } from '../client/arm-error.ts';
import { sendSignedIn } from '../client/signed-in.ts';
import { command } from '../command.ts';
import type { Context } from '../context.ts';
import { failure } from '../errors.ts';
import { choice, list, text } from '../parse/option.ts';

const methods = ['delete', 'get', 'head', 'patch', 'post', 'put'] as const;

export default command({
  description:
    'A URL that begins with / is below the control plane; {subscriptionId} in it stands for the subscription. Without an ' +
    'api-version it gets the newest stable one. Nothing is waited for.',
  options: {
    url: text('--url --uri -u', 'The URL, or what follows the address of the control plane.', {
      required: true,
    }),
    method: choice('--method -m', 'The HTTP method.', methods, { fallback: 'get' }),
    body: text('--body -b', 'JSON to send, or @file.'),
    uriParameters: list(
      '--url-parameters --uri-parameters',
      'Space-separated name=value pairs for the query.',
    ),
  },
  examples: [
    {
      purpose: 'Ask for what no command shows.',
      line: "acrc rest --url '/subscriptions/{subscriptionId}/providers/Microsoft.ContainerRegistry/registries'",
    },
    {
      purpose: 'Send a body from a file.',
      line: "acrc rest -m put -u '/subscriptions/{subscriptionId}/resourceGroups/acr-rg' --url-parameters api-version=2021-04-01 -b @group.json",
    },
  ],
  async run({ url, method, body, uriParameters = [] }, context) {
    const response = await send(context, {
      url: await absolute(context, url, uriParameters),
      method,
      body: body === undefined ? undefined : await readBody(body),
    });
    if (response.status >= 400) throw armError(response);
    // What has no content prints nothing, as in az.
    return response.data === '' ? undefined : response.data;
  },
});

async function send(
  context: Context,
  { url, method, body }: { url: string; method: string; body: unknown },
): Promise<AxiosResponse<unknown>> {
  const access = { http: await context.http(), signIn: await context.signIn() };
  return sendSignedIn(access, 'management', method.toUpperCase(), url, body);
}

/** @throws CliError for another server: the access token is for this one only */
async function absolute(context: Context, text: string, parameters: readonly string[]): Promise<string> {
  const { endpoint } = await context.credential();
  const filled = text.includes('{subscriptionId}')
    ? text.replaceAll('{subscriptionId}', await context.subscription())
    : text;
  const url = URL.parse(filled, `${endpoint}/`);
  if (url?.origin !== new URL(endpoint).origin) {
    throw failure(
      `'${text}' is not an address of this control plane.`,
      `Give what follows ${endpoint}, or choose another control plane with 'acrc cloud set'.`,
    );
  }
  for (const parameter of parameters) {
    const equals = parameter.indexOf('=');
    if (equals < 1) throw failure(`'${parameter}' is not a name=value pair for the query.`);
    url.searchParams.set(parameter.slice(0, equals), parameter.slice(equals + 1));
  }
  if (!url.searchParams.has('api-version')) url.searchParams.set('api-version', apiVersion);
  return url.href;
}

/** @throws CliError when it cannot be read, or is not JSON */
async function readBody(text: string): Promise<unknown> {
  const json = text.startsWith('@') ? await readBodyFile(text.slice(1)) : text;
  try {
    return JSON.parse(json);
  } catch (error) {
    throw failure(`The body is not JSON: ${messageOf(error)}.`);
  }
}

async function readBodyFile(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw failure(`The body cannot be read: ${messageOf(error)}.`);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
