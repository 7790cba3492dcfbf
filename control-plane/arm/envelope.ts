// What every resource looks like on the wire, in the order of keys that recordings show: people compare the output of
// two commands line by line. Members that are undefined are left out, as ARM leaves out what is null.
import type { Resource } from '../store/resource.ts';

export interface Envelope {
  sku?: { name: string; tier: string } | undefined;
  type: string;
  id: string;
  name: string;
  location?: string | undefined;
  tags?: Record<string, string> | undefined;
  identity?: object | undefined;
  systemData: object;
  properties: object;
}

/** @param properties what the wire shows, which differs from what is kept */
export function toEnvelope(resource: Resource<unknown>, properties: object, identity?: object): Envelope {
  const { sku, type, id, name, location, tags, systemData } = resource;
  const tier = sku && { name: sku, tier: sku };
  return { sku: tier, type, id, name, location, tags, identity, systemData, properties };
}
