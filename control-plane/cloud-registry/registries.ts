// All cloud registries of this control plane: opened at the start and when they are created, each on its own port or
// all behind one host name each, and removed with their content.
import { readdir, rm } from 'node:fs/promises';
import type { RequestListener } from 'node:http';
import { join } from 'node:path';
import type { TlsOptions } from 'node:tls';
import { makeFolder } from '../../registry-node/blobs/durable.ts';
import { type Listener, listen, PortTakenError } from '../../registry-node/http/listener.ts';
import type { Upkeep } from '../../registry-node/upkeep/upkeep.ts';
import { ArmError } from '../arm/errors.ts';
import { keyOf, resourceGroupId, resourceGroupOf, type ResourceKey } from '../arm/resource-id.ts';
import { registryKind, type RegistryProperties } from '../resources/registries/schema.ts';
import type { Resource } from '../store/resource.ts';
import { type CloudRegistry, type CloudRegistryDependencies, openCloudRegistry } from './open.ts';

export interface CloudRegistries {
  /** Opens those that exist. @throws Error naming the registry whose port is taken */
  openAll(): Promise<void>;
  /** Opens a registry whose resource was just made, and says so in its provisioning state. */
  create(key: ResourceKey): Promise<void>;
  /** Whether it is open, or about to be. */
  isOpening(key: ResourceKey): boolean;
  /** Waits for one that is still opening. @throws ArmError ServiceUnavailable */
  get(key: ResourceKey): Promise<CloudRegistry>;
  /** Removes the resource, what it holds and its content. False when there was none. */
  remove(key: ResourceKey): Promise<boolean>;
  /** Of an open registry, by its lower-cased name. */
  named(name: string): { handler: RequestListener; location: string; upkeep: Upkeep } | undefined;
  /** Closes all; a second call waits for the first. */
  close(graceMs: number): Promise<void>;
}

export interface CloudRegistriesOptions {
  /** Holds a folder per registry. */
  folder: string;
  host: string;
  tls: TlsOptions;
  /** Gets the region of every registry that opens: the certificate must cover its data endpoint. */
  regions: Set<string>;
  dependencies: CloudRegistryDependencies;
  /** Stands around the handler of a registry with a port of its own. */
  watch: (handler: RequestListener) => RequestListener;
}

interface Open {
  name: string;
  location: string;
  registry: CloudRegistry;
  /** Absent where registries share one port. */
  listener: Listener | undefined;
}

export function createCloudRegistries(options: CloudRegistriesOptions): CloudRegistries {
  const { resources, reports } = options.dependencies;
  const opening = new Map<ResourceKey, Promise<Open>>();
  const serving = new Map<string, Open>();

  const open = (resource: Resource<RegistryProperties>): Promise<Open> => {
    const key = keyOf(resource.id);
    const started = openOne(options, resource).then((opened) => {
      serving.set(opened.name, opened);
      options.regions.add(opened.location);
      return opened;
    });
    opening.set(key, started);
    started.catch(() => forget(key, started));
    return started;
  };
  /** Another registry of this name may be opening by now. False when it is, or when somebody else forgot this one. */
  const forget = (key: ResourceKey, one: Promise<Open>): boolean =>
    opening.get(key) === one && opening.delete(key);
  const close = async (opened: Open, graceMs: number): Promise<void> => {
    // Another one of this name may serve by now.
    if (serving.get(opened.name) === opened) serving.delete(opened.name);
    // The app ends its waiting rounds first, so that the listener has nothing left to wait for.
    const closed = opened.registry.close();
    await opened.listener?.close(graceMs);
    await closed;
  };

  /** With all that it holds. */
  const discard = async (
    resource: Resource<RegistryProperties>,
    removed: Promise<Open> | undefined,
  ): Promise<void> => {
    const opened = await removed?.catch(() => undefined);
    if (opened) await close(opened, 0);
    await rm(folderOf(options, resource), { recursive: true, force: true });
  };

  let closing: Promise<void> | undefined;
  const closeAll = async (graceMs: number): Promise<void> => {
    const opened = await Promise.allSettled(opening.values());
    const served = opened.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
    await Promise.all(served.map((each) => close(each, graceMs)));
  };

  return {
    openAll: async () => {
      const all = await resources.all(registryKind);
      await reportLeftovers(options, all);
      for (const resource of all)
        if (resource.properties.provisioningState === 'Succeeded') await open(resource);
    },
    create: async (key) => {
      const resource = await resources.get(registryKind, key);
      // Deleted meanwhile, or ready before the stop that interrupted its operation.
      if (resource?.properties.provisioningState !== 'Creating') return;
      // Two may ask for it at once, before either has begun.
      const started = opening.get(key) ?? open(resource);
      const failure = await started.then(
        () => undefined,
        (error: unknown) => ({ error }),
      );
      const exists = await setState(resources, resource, failure ? 'Failed' : 'Succeeded');
      if (!exists && forget(key, started)) await discard(resource, started);
      if (failure) throw failure.error;
    },
    isOpening: (key) => opening.has(key),
    get: async (key) => {
      const opened = await opening.get(key);
      if (opened) return opened.registry;
      throw new ArmError(
        'ServiceUnavailable',
        'The registry is not ready. Try again when its provisioning state is Succeeded.',
      );
    },
    remove: async (key) => {
      const { resource, gone } = await resources.change(async (change) => ({
        resource: await change.get(registryKind, key),
        gone: await change.remove(key),
      }));
      // At once: the name is free, and what opens under it from here on is another registry.
      const removed = opening.get(key);
      opening.delete(key);
      reports.forget(gone);
      if (!resource) return false;
      await discard(resource, removed);
      return true;
    },
    named: (name) => {
      const found = serving.get(name);
      if (!found) return undefined;
      const { handler, upkeep } = found.registry;
      return { handler, upkeep, location: found.location };
    },
    close: (graceMs) => (closing ??= closeAll(graceMs)),
  };
}

function folderOf({ folder }: CloudRegistriesOptions, registry: Resource<RegistryProperties>): string {
  return join(folder, registryFolderName(registry));
}

/** The uid keeps it apart from what an earlier registry of this name may have left behind. */
export function registryFolderName({ name, properties }: Resource<RegistryProperties>): string {
  return `${name.toLowerCase()}-${properties.uid}`;
}

/**
 * A deletion that a power cut interrupted leaves a folder; it is named and not removed, in case a backup is being
 * restored.
 */
async function reportLeftovers(
  options: CloudRegistriesOptions,
  registries: readonly Resource<RegistryProperties>[],
): Promise<void> {
  await makeFolder(options.folder);
  const known = new Set(registries.map((registry) => folderOf(options, registry)));
  for (const name of await readdir(options.folder)) {
    const folder = join(options.folder, name);
    if (!known.has(folder))
      options.dependencies.logger.warn({ folder }, 'content of no known registry; remove it by hand');
  }
}

async function openOne(
  options: CloudRegistriesOptions,
  resource: Resource<RegistryProperties>,
): Promise<Open> {
  const { host, tls, dependencies, watch } = options;
  const registry = await openCloudRegistry(resource, folderOf(options, resource), dependencies);
  const { port } = resource.properties;
  try {
    const handler = watch(registry.handler);
    const listener = port === undefined ? undefined : await listen({ host, port, tls, handler });
    return { name: resource.name.toLowerCase(), location: resource.location ?? '', registry, listener };
  } catch (error) {
    await registry.close();
    if (!(error instanceof PortTakenError)) throw error;
    throw new PortTakenError(
      `The registry ${resource.name} keeps its port, and cannot listen on it. ${error.message}`,
      { cause: error },
    );
  }
}

/** @returns whether it still exists: it may have been deleted, and another one made in its place */
async function setState(
  resources: CloudRegistryDependencies['resources'],
  { id, properties: { uid } }: Resource<RegistryProperties>,
  provisioningState: RegistryProperties['provisioningState'],
): Promise<boolean> {
  return resources.change(async (change) => {
    const registry = await change.get(registryKind, keyOf(id));
    if (registry?.properties.uid !== uid) return false;
    const [, , subscription] = registry.id.split('/');
    const group = keyOf(resourceGroupId(subscription ?? '', resourceGroupOf(registry.id)));
    await change.put({ ...registry, properties: { ...registry.properties, provisioningState } }, group);
    return true;
  });
}
