// Change feeds do not grow for ever: rows that are older than the longest message TTL tell nobody anything, because a
// connected registry that is further behind gets a full sync (docs/sync-protocol.md, "The feed").
import type { Logger } from 'pino';
import type { Clock } from '../registry-node/clock.ts';
import { durationMs } from '../registry-node/duration.ts';
import { keyOf } from './arm/resource-id.ts';
import type { CloudRegistries } from './cloud-registry/registries.ts';
import { durationBounds } from './resources/connected-registries/schedule.ts';
import { connectedRegistryKind } from './resources/connected-registries/schema.ts';
import { registryKind, type RegistryProperties } from './resources/registries/schema.ts';
import type { Resource } from './store/resource.ts';
import type { Resources } from './store/resources.ts';

const intervalMs = 3600 * 1000;

export interface TrimmingOptions {
  resources: Resources;
  registries: CloudRegistries;
  clock: Clock;
  logger: Logger;
  stop: AbortSignal;
}

/** Trims every hour until `stop` aborts, then resolves. Never fails: nobody waits for it before the end. */
export async function trimFeeds(options: TrimmingOptions): Promise<void> {
  const { resources, clock, logger, stop } = options;
  while (!stop.aborted) {
    try {
      for (const registry of await resources.all(registryKind)) await trim(options, registry);
    } catch (error) {
      logger.warn({ err: error }, 'feeds not trimmed; tried again in an hour');
    }
    await clock.sleep(intervalMs, stop).catch(() => undefined);
  }
}

async function trim(
  { resources, registries, clock, logger }: TrimmingOptions,
  { id, name }: Resource<RegistryProperties>,
): Promise<void> {
  try {
    const connected = await resources.list(connectedRegistryKind, keyOf(id));
    const ttlsMs = connected.map(({ properties }) => durationMs(properties.messageTtl));
    // Without connected registries the longest possible TTL leaves room for those to come.
    const longestMs = ttlsMs.length > 0 ? Math.max(...ttlsMs) : durationBounds.messageTtl.to.ms;
    const { content } = await registries.get(keyOf(id));
    await content.feed.trim(new Date(clock.now().getTime() - longestMs));
  } catch (error) {
    logger.warn({ err: error, registry: name }, 'feed not trimmed; tried again in an hour');
  }
}
