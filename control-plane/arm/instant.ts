// How instants look on ARM's wire: an explicit `+00:00` offset or a `Z`, depending on the property, as recorded.

/** What toISOString gives. */
const kept = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

/** `2024-01-30T01:44:13.647+00:00`: systemData, tokens, scope maps. */
export function offsetTime(instant: Date | string): string {
  // As they are kept; a page of a list has a thousand of them.
  if (typeof instant === 'string' && kept.test(instant)) return `${instant.slice(0, -1)}+00:00`;
  return new Date(instant).toISOString().replace('Z', '+00:00');
}

export function unixSeconds(instant: Date): number {
  return Math.floor(instant.getTime() / 1000);
}

/** `2024-01-30T01:44:02.338Z`: a registry's creationDate, and what connected registries tell. */
export function zuluTime(instant: Date | string): string {
  return new Date(instant).toISOString();
}
