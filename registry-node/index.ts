// A registry node: composes content, directory, auth, API, gateway and sync engine, and runs them.
import { readFile } from 'node:fs/promises';
import type { Logger } from 'pino';
import { registryApi } from './api/routes.ts';
import { createGate } from './auth/create-gate.ts';
import { createFailedAttempts } from './auth/failed-attempts.ts';
import { tokenRoutes } from './auth/routes.ts';
import { createSignIns } from './auth/sign-ins.ts';
import { openTokenAuthority } from './auth/token.ts';
import { type Clock, systemClock } from './clock.ts';
import { Closers } from './closers.ts';
import type { NodeConfig } from './config.ts';
import { openContent } from './content/open.ts';
import { listenForControl } from './control/listen.ts';
import { controlRoutes } from './control/routes.ts';
import { controlSocketOf } from './control/schema.ts';
import { openDataFolder } from './data-folder/open.ts';
import { openSyncedChildren } from './directory/synced-children.ts';
import { openSyncedDirectory } from './directory/synced.ts';
import { gatewayRoutes } from './gateway/server.ts';
import { healthRoutes } from './http/health.ts';
import { type Listener, listen } from './http/listener.ts';
import { recallAnswers } from './http/recall.ts';
import { createServer } from './http/server.ts';
import { contentMetrics } from './metrics/content.ts';
import type { Metrics } from './metrics/open.ts';
import type { Metric } from './metrics/metric.ts';
import { followLogLevel } from './log-level.ts';
import { startCollecting } from './notifications/collect.ts';
import { openOutbox } from './notifications/outbox.ts';
import { type ConnectedEngine, connectEngine } from './sync/connect.ts';
import { startUpkeep } from './upkeep/upkeep.ts';

export interface RunningNode {
  readonly port: number;
  /** What clients put in front of a repository, e.g. `localhost:8080`. */
  readonly loginServer: string;
  /** Stops gracefully: what has arrived is kept and the state saved. */
  close(): Promise<void>;
  /** Settles when the node stopped: with the reason when it gave up by itself. */
  readonly stopped: Promise<Error | undefined>;
  /** After the first attempt to reach the parent: why it failed, when the node keeps trying. Not when it stops before. */
  readonly firstContact: Promise<string | undefined>;
}
export type StartNode = (
  config: NodeConfig,
  environment: { logger: Logger; clock?: Clock },
) => Promise<RunningNode>;

/** Where a node signs clients and children in; where it signs in at its parent. */
const tokenPath = '/acr/oauth2/token';
const closeGraceMs = 10_000;
/** While its own parent is out of reach, a node may not know a password that was made above. */
const unknownRetrySeconds = 30;
const notActivated = 'the node was not activated by its parent yet, so nobody can sign in';

/** @throws DataFolderError; an error that names the port or the file that cannot be used */
export const startNode: StartNode = (config, environment) =>
  Closers.opening((closers) => compose(config, environment, closers));

async function compose(
  config: NodeConfig,
  { logger, clock = systemClock }: Parameters<StartNode>[1],
  closers: Closers,
): Promise<RunningNode> {
  const folder = await openDataFolder(config.dataFolder, config.connectionString.connectedRegistryName);
  closers.add(() => folder.close());
  // The first start makes a key, which takes a while: all else is opened meanwhile.
  const openingAuthority = openTokenAuthority({ folder: folder.tokensFolder, clock });
  // At once, because it may fail before it is awaited.
  const authorityEnds = openingAuthority.catch(() => undefined);
  closers.add(() => authorityEnds);
  const content = await openContent({ folder: folder.contentFolder, clock });
  closers.add(() => content.close());
  const directory = await openSyncedDirectory(folder.statePath('configuration'), clock);
  if (config.logLevel === undefined) closers.add(followLogLevel(logger, directory));
  const collectionSchedule = () => directory.configuration?.garbageCollection;
  const upkeep = startUpkeep({ content, collectionSchedule, clock, logger });
  closers.add(() => upkeep.close());
  const children = await openSyncedChildren(folder.statePath('children'), directory, clock);
  const outbox = await openOutbox(folder.notificationsFile);
  closers.add(() => outbox.close());
  const authority = await openingAuthority;
  const signIns = createSignIns({ directory, authority, failed: createFailedAttempts(clock) });
  const gate = createGate({ directory, authority, signIns, tokenPath });

  let engine: ConnectedEngine | undefined;
  const app = createServer({ logger, trustedProxies: config.trustedProxies });
  registryApi(app, { content, gate });
  const refusedRetrySeconds = () => (engine?.isInTouch() ? undefined : unknownRetrySeconds);
  tokenRoutes(app, { directory, authority, signIns, paths: [tokenPath], refusedRetrySeconds });
  gatewayRoutes(app, {
    children,
    content,
    gate,
    clock,
    applied: () => engine?.applied(),
    notified: async (notifications) => void (await outbox.add(notifications)),
  });
  healthRoutes(app, () => (directory.configuration ? undefined : notActivated));
  const handler = recallAnswers(app, { clock, changes: () => content.changes() + directory.changes() });
  await app.ready();
  const metrics = config.metrics && (await openMetrics(logger));
  const listener = await listenFor(config, metrics?.watch(handler) ?? handler);
  closers.add(() => listener.close(closeGraceMs));
  const closeControl = await listenForControl({
    path: controlSocketOf(config.dataFolder),
    logger,
    routes: (control) => {
      controlRoutes(control, { prefix: '', find: async () => upkeep });
      control.get('/status', (_, reply) => engine?.status() ?? reply.code(503).send());
    },
  });
  // Upkeep stops first: an answer at the control socket may wait for the work that is stopped.
  closers.add(closeControl, () => upkeep.close());
  closers.add(() => app.close());

  const loginServer = config.loginServer ?? `localhost:${listener.port}`;
  const collecting = startCollecting({
    name: config.connectionString.connectedRegistryName,
    loginServer,
    feed: content.feed,
    outbox,
    patterns: () => directory.configuration?.notifications ?? [],
    onPatterns: (listener) => directory.onApply(listener),
    clock,
    logger,
  });
  closers.add(() => collecting.close());
  const connected = await connectEngine({
    config,
    tokenPath,
    loginServer,
    folder,
    content,
    directory,
    children,
    outbox,
    clock,
    logger,
  });
  engine = connected;
  closers.add(() => connected.close());
  if (metrics && config.metrics) {
    const collect = async (): Promise<Metric[]> => [
      ...(await contentMetrics([[{}, content]])),
      ...(await connected.metrics()),
    ];
    const served = await metrics.listen(config.metrics, collect);
    closers.add(() => served.close());
  }
  logger.info({ loginServer, parent: config.connectionString.parentGatewayEndpoint }, 'the node is serving');
  const stopped = connected.stopped.then(async (reason) => {
    await closers.close();
    return reason;
  });
  return {
    port: listener.port,
    loginServer,
    stopped,
    firstContact: connected.firstContact,
    async close() {
      await connected.close();
      await stopped;
    },
  };
}

/** Loaded when it is asked for: most nodes are watched at their parent. */
async function openMetrics(logger: Logger): Promise<Metrics> {
  const { openMetrics: open } = await import('./metrics/open.ts');
  return open('node', logger);
}

async function listenFor(
  config: NodeConfig,
  handler: Parameters<typeof listen>[0]['handler'],
): Promise<Listener> {
  const tls = config.tls && {
    cert: await readFile(config.tls.certificateFile),
    key: await readFile(config.tls.keyFile),
  };
  return listen({ host: config.host, port: config.port, tls, handler });
}
