// How `acrc node start` becomes a running node, here or in the background.
import { access } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { MetricsAddress, NodeConfig } from '../../../registry-node/config.ts';
import { findCredential } from '../../client/credential.ts';
import type { Context } from '../../context.ts';
import { failure } from '../../errors.ts';
import { metricsWords } from '../../options/metrics-listen.ts';
import { proxyVariable } from '../../options/proxy.ts';
import { detach } from '../../process/detach.ts';
import { findNode, statusOf } from '../../process/find.ts';
import type { LogLevel } from '../../process/log.ts';
import { logFileOf } from '../../process/run-record.ts';
import { serve } from '../../process/serve.ts';
import { readConnection, writtenAgain } from './connection.ts';
import { waitForActivation } from './wait-for-activation.ts';

export interface NodeSettings {
  connectionString: string;
  name: string | undefined;
  data: string | undefined;
  port: number;
  host: string;
  loginServer: string | undefined;
  trustedProxies: string[] | undefined;
  tlsCert: string | undefined;
  tlsKey: string | undefined;
  parentCa: string | undefined;
  parentProxy: URL | undefined;
  chunkBytes: number;
  maxParallel: number;
  /** Bytes per second. */
  bandwidth: number | undefined;
  /** Bytes. */
  windowBudget: number | undefined;
  dayBudget: number | undefined;
  metricsListen: MetricsAddress | undefined;
  /** Absent: what the resource says, and info until it is known. */
  logLevel: LogLevel | undefined;
}

const megabyte = 1024 * 1024;

export async function startDetached(settings: NodeSettings, context: Context): Promise<unknown> {
  // Checked here, where the error is seen at once.
  const { name } = await configOf(settings, context);
  // What holds a password goes by the environment.
  const env = {
    ACR_REGISTRY_CONNECTION_STRING: writtenAgain(settings.connectionString),
    ...(settings.parentProxy && { [proxyVariable]: settings.parentProxy.href }),
  };
  const work = detach(context, { kind: 'node', name, words: wordsOf(settings, name), env });
  await context.during(`Starting '${name}'`, work);
  return statusOf(await findNode(context, name));
}

function wordsOf(settings: NodeSettings, name: string): string[] {
  const given: Record<string, string | number | undefined> = {
    '--name': name,
    '--data': settings.data,
    '--port': settings.port,
    '--host': settings.host,
    '--login-server': settings.loginServer,
    '--tls-cert': settings.tlsCert,
    '--tls-key': settings.tlsKey,
    '--parent-ca': settings.parentCa,
    '--chunk-size-mb': settings.chunkBytes / megabyte,
    '--max-parallel': settings.maxParallel,
    '--bandwidth': withUnit(settings.bandwidth, 'B/s'),
    '--window-budget': withUnit(settings.windowBudget, 'B'),
    '--day-budget': withUnit(settings.dayBudget, 'B'),
    '--log-level': settings.logLevel,
  };
  const words = Object.entries(given).flatMap(([flag, value]) =>
    value === undefined ? [] : [flag, String(value)],
  );
  const proxies = settings.trustedProxies ? ['--trusted-proxies', ...settings.trustedProxies] : [];
  return ['node', 'start', ...words, ...proxies, ...metricsWords(settings.metricsListen)];
}

function withUnit(count: number | undefined, unit: string): string | undefined {
  return count === undefined ? undefined : `${count}${unit}`;
}

export async function startHere(settings: NodeSettings, context: Context): Promise<void> {
  const { name, config } = await configOf(settings, context);
  const { process, home } = context;
  await serve(context, {
    kind: 'node',
    name,
    dataFolder: config.dataFolder,
    logFile: process.connected ? logFileOf(home, 'node', name) : undefined,
    logLevel: settings.logLevel ?? 'info',
    start: async (logger) => {
      const { startNode } = await import('../../../registry-node/index.ts');
      const running = await startNode(config, { logger });
      const { loginServer, stopped } = running;
      const served = { address: loginServer, close: () => running.close(), stopped };
      const notice = await waitForActivation(running, context.clock);
      return notice === undefined ? served : { ...served, notice };
    },
  });
}

async function configOf(
  settings: NodeSettings,
  context: Context,
): Promise<{ name: string; config: NodeConfig }> {
  const connection = await readConnection(settings.connectionString);
  const { connectionString } = connection;
  const name = nodeName(settings.name ?? connectionString.connectedRegistryName);
  const { port, host, loginServer, chunkBytes, maxParallel, windowBudget, dayBudget } = settings;
  return {
    name,
    config: {
      ...connection,
      dataFolder: settings.data ?? context.home.nodeFolder(name),
      host,
      port,
      tls: await tlsOf(settings),
      loginServer,
      trustedProxies: settings.trustedProxies,
      parentAuthorityFile: await authorityOf(settings.parentCa, context),
      parentProxy: settings.parentProxy && { url: settings.parentProxy, except: context.env.NO_PROXY },
      chunkBytes,
      transfersMax: maxParallel,
      bytesPerSecond: settings.bandwidth,
      metrics: settings.metricsListen,
      logLevel: settings.logLevel,
      budget: { windowBytes: windowBudget, dayBytes: dayBudget },
    },
  };
}

async function tlsOf({ tlsCert, tlsKey }: NodeSettings): Promise<NodeConfig['tls']> {
  if (tlsCert === undefined && tlsKey === undefined) return undefined;
  if (tlsCert === undefined || tlsKey === undefined)
    throw failure('--tls-cert and --tls-key must be given together.');
  return {
    certificateFile: await readable('--tls-cert', tlsCert),
    keyFile: await readable('--tls-key', tlsKey),
  };
}

/** @throws CliError when a folder of that name would lie elsewhere */
function nodeName(name: string): string {
  if (/^(?!\.{1,2}$)[^/\\]+$/.test(name)) return name;
  throw failure(
    `'${name}' cannot be the name of a node: a folder is called by it.`,
    '--name gives it another one, like site-1.',
  );
}

/** A control plane on this machine signs with an authority of its own, which its credential names. */
async function authorityOf(given: string | undefined, { env, home }: Context): Promise<string | undefined> {
  if (given !== undefined) return readable('--parent-ca', given);
  return findCredential(env, home).then(
    ({ certificateAuthorityFile }) => certificateAuthorityFile,
    () => undefined,
  );
}

async function readable(flag: string, file: string): Promise<string> {
  const path = resolve(file);
  await access(path).catch((error: Error) => {
    throw failure(`${flag}: the file '${path}' cannot be read: ${error.message}`);
  });
  return path;
}
