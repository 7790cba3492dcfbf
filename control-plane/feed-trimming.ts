// Change feeds do not grow for ever: rows that are older than the longest message TTL tell nobody anything, because a
// connected registry that is further behind gets a full sync (docs/sync-protocol.md, "The change feed").
import type { Logger } from 'pino';
import type { Clock } from '../registry-node/clock.ts';
import { keyOf } from './arm/resource-id.ts';
import type { CloudRegistries } from './cloud-registry/registries.ts';
import { durationBounds, durationMs } from './resources/connected-registries/schedule.ts';
import { connectedRegistryKind } from './resources/connected-registries/schema.ts';
import { registryKind } from './resources/registries/schema.ts';
import type { Resources } from './store/resources.ts';

const intervalMs = 3600 * 1000;

/** Trims every hour until `stop` aborts, then resolves. */
export async function trimFeeds(options: {
  resources: Resources;
  registries: CloudRegistries;
  clock: Clock;
  logger: Logger;
  stop: AbortSignal;
}): Promise<void> {
  const { resources, registries, clock, logger, stop } = options;
  while (!stop.aborted) {
    for (const { id, name } of await resources.all(registryKind)) {
      try {
        const connected = await resources.list(connectedRegistryKind, keyOf(id));
        const ttls = connected.map(({ properties }) => durationMs(properties.messageTtl) ?? 0);
        // Without connected registries the longest possible TTL leaves room for those to come.
        const longest = ttls.length > 0 ? Math.max(...ttls) : durationBounds.messageTtl.to.ms;
        const { content } = await registries.get(keyOf(id));
        await content.feed.trim(new Date(clock.now().getTime() - longest));
      } catch (error) {
        logger.warn({ err: error, registry: name }, 'feed not trimmed');
      }
    }
    await clock.sleep(intervalMs, stop).catch(() => undefined);
  }
}
