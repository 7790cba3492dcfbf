// Whether the control plane is reached, its certificate is trusted and lasts, both clocks agree, and it lets this user in.
import { readFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { connect } from 'node:tls';
import { besideUsual } from '../../registry-node/certificate-authority.ts';
import { version } from '../../registry-node/version.ts';
import type { Context } from '../context.ts';
import { dayMs, type Finding, ok, problem, warning } from './finding.ts';

const skewSecondsMax = 5;
const skewSecondsBroken = 300;
const certificateDaysMin = 30;
const connectMs = 5000;

export async function* checkControlPlane(context: Context): AsyncGenerator<Finding> {
  yield ok('acrc', `Version ${version} on Node ${process.versions.node}.`);
  const { endpoint, certificateAuthorityFile } = await context.credential();
  const http = await context.http();
  const { status, headers } = await http.send({ url: `${endpoint}/healthz` });
  yield status === 200
    ? ok('control plane', `${endpoint} answers.`)
    : problem('control plane', `${endpoint} answers ${status}.`, 'Is it a control plane? See ACRC_ENDPOINT.');
  yield clockFinding(String(headers.date ?? ''), context.clock.now());
  const { hostname, port, protocol } = new URL(endpoint);
  if (protocol === 'https:') {
    const address = { host: hostname.replaceAll(/^\[|\]$/g, ''), port: Number(port || 443) };
    yield certificateFinding(await certificateEnd(address, certificateAuthorityFile), context.clock.now());
  }
  await (await context.signIn()).accessToken();
  yield ok('sign-in', 'The credential is accepted.');
}

/** @param date of the answer, as HTTP writes it */
export function clockFinding(date: string, now: Date): Finding {
  const skewSeconds = Math.round(Math.abs(now.getTime() - Date.parse(date)) / 1000);
  if (Number.isNaN(skewSeconds)) return ok('clock', 'The control plane does not say its time.');
  const detail = `The clocks of this machine and of the control plane differ by ${skewSeconds} s.`;
  if (skewSeconds <= skewSecondsMax) return ok('clock', detail);
  const remedy = 'Let both follow a time server (NTP): tokens and certificates depend on it.';
  return (skewSeconds > skewSecondsBroken ? problem : warning)('clock', detail, remedy);
}

/** @param end undefined: it was not given */
export function certificateFinding(end: Date | undefined, now: Date): Finding {
  if (!end) return ok('certificate', 'It is trusted.');
  const days = Math.floor((end.getTime() - now.getTime()) / dayMs);
  const when = end.toISOString();
  const remedy = 'A control plane renews its own at the next start; replace one that it was started with.';
  if (days < 0) return problem('certificate', `It expired at ${when}.`, remedy);
  const detail = `It is trusted, and lasts until ${when}.`;
  return days < certificateDaysMin ? warning('certificate', detail, remedy) : ok('certificate', detail);
}

async function certificateEnd(
  address: { host: string; port: number },
  authorityFile: string | undefined,
): Promise<Date | undefined> {
  const trusted = authorityFile !== undefined && { ca: besideUsual(await readFile(authorityFile, 'utf8')) };
  // TLS names a host to the server, and never an address.
  const servername = isIP(address.host) === 0 ? address.host : '';
  const socket = connect({ ...address, ...trusted, servername, timeout: connectMs });
  try {
    return await new Promise((resolve, reject) => {
      socket.once('error', reject);
      socket.once('timeout', () => reject(new Error(`no TLS within ${connectMs} ms`)));
      socket.once('secureConnect', () => {
        const end = socket.getPeerCertificate().valid_to;
        resolve(end ? new Date(end) : undefined);
      });
    });
  } finally {
    socket.destroy();
  }
}
