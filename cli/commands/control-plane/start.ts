// `acrc control-plane start`: the cloud on this machine. In the foreground it logs to stdout; detached, to a file.
import { resolve } from 'node:path';
import { command } from '../../command.ts';
import { controlPlaneDefaults } from '../../../control-plane/config.ts';
import type { MetricsAddress } from '../../../registry-node/config.ts';
import type { Context } from '../../context.ts';
import { metricsListen, metricsWords } from '../../options/metrics-listen.ts';
import { operationDelay } from '../../options/operation-delay.ts';
import { outgoingProxy, proxyVariable } from '../../options/proxy.ts';
import { trustedProxies } from '../../options/trusted-proxies.ts';
import { choice, flag, integer, text } from '../../parse/option.ts';
import { detach } from '../../process/detach.ts';
import { logLevels } from '../../process/log.ts';
import { controlPlaneName, logFileOf } from '../../process/run-record.ts';
import { serve } from '../../process/serve.ts';
import { findControlPlane, statusOf } from '../../process/find.ts';
import { processView } from '../../views/process.ts';

const port = { min: 0, max: 65_535 };

export default command({
  description:
    'Keeps everything in ACRC_HOME (default ~/.acrc) and signs the command line of this user in. Commands on this ' +
    'machine need nothing else.',
  options: {
    detach: flag('--detach -d', 'Go on in the background once it listens.'),
    port: integer('--port', 'Port of ARM, sign-in and portal. 0 picks a free one.', port, {
      fallback: controlPlaneDefaults.port,
    }),
    registryPortFirst: integer(
      '--registry-port-first',
      'Registries listen on localhost from this port up.',
      port,
      {
        fallback: controlPlaneDefaults.registryPortFirst,
      },
    ),
    host: text('--host', 'Address to listen on.', { fallback: controlPlaneDefaults.host }),
    domain: text(
      '--domain',
      'Serve <registry>.<domain> by host name on --port, in place of a port for each registry.',
    ),
    trustedProxies,
    outgoingProxy,
    operationDelay,
    loose: flag(
      '--loose',
      'Leave properties out that a resource type does not have, in place of refusing the request.',
    ),
    data: text('--data', 'Folder for all that it keeps. Default: control-plane in ACRC_HOME.'),
    metricsListen,
    logLevel: choice('--log-level', 'How much it logs.', logLevels, { fallback: 'info' }),
  },
  examples: [
    { purpose: 'Start it in the background.', line: 'acrc control-plane start --detach' },
    {
      purpose: 'Run a second one beside it.',
      line: 'ACRC_HOME=~/.acrc-test acrc control-plane start --port 4431 --registry-port-first 5200',
    },
  ],
  serves: true,
  view: processView,
  async run(options, context) {
    const dataFolder = resolve(options.data ?? context.home.controlPlaneFolder);
    return options.detach
      ? startDetached(options, dataFolder, context)
      : startHere(options, dataFolder, context);
  },
});

interface Options {
  port: number;
  registryPortFirst: number;
  host: string;
  domain: string | undefined;
  trustedProxies: string[] | undefined;
  outgoingProxy: URL | undefined;
  operationDelay: number | undefined;
  loose: boolean;
  metricsListen: MetricsAddress | undefined;
  logLevel: (typeof logLevels)[number];
}

async function startDetached(options: Options, dataFolder: string, context: Context): Promise<unknown> {
  const { port, registryPortFirst, host, domain, logLevel } = options;
  const words = [
    'control-plane',
    'start',
    '--port',
    `${port}`,
    '--registry-port-first',
    `${registryPortFirst}`,
  ];
  words.push('--host', host, '--data', dataFolder, '--log-level', logLevel);
  words.push(...metricsWords(options.metricsListen));
  if (domain !== undefined) words.push('--domain', domain);
  if (options.trustedProxies) words.push('--trusted-proxies', ...options.trustedProxies);
  if (options.operationDelay !== undefined) words.push('--operation-delay', `${options.operationDelay}ms`);
  if (options.loose) words.push('--loose');
  const env = options.outgoingProxy ? { [proxyVariable]: options.outgoingProxy.href } : {};
  await context.during(
    'Starting the control plane',
    detach(context, { kind: 'control-plane', name: controlPlaneName, words, env }),
  );
  const record = await findControlPlane(context);
  return record && statusOf(record);
}

async function startHere(options: Options, dataFolder: string, context: Context): Promise<void> {
  const { port, registryPortFirst, host, domain, outgoingProxy: proxy, logLevel } = options;
  const { process, home } = context;
  await serve(context, {
    kind: 'control-plane',
    name: controlPlaneName,
    dataFolder,
    logFile: process.connected ? logFileOf(home, 'control-plane', controlPlaneName) : undefined,
    logLevel,
    start: async (logger) => {
      const { startControlPlane } = await import('../../../control-plane/index.ts');
      const config = {
        dataFolder,
        credentialFile: home.credentialFile,
        host,
        port,
        registryPortFirst,
        domain,
        trustedProxies: options.trustedProxies,
        outgoingProxy: proxy && { url: proxy, except: context.env.NO_PROXY },
        operationDelayMs: options.operationDelay,
        loose: options.loose,
        metrics: options.metricsListen,
      };
      const running = await startControlPlane(config, { logger });
      return { address: running.endpoint, close: () => running.close() };
    },
  });
}
