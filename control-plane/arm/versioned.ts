// Properties that came with a later api-version. Clients of an older one fail on what they do not know, so it is not
// shown to them; and what their version does not have, they cannot set.

/** The first versions that have a property, as dates. Without `stable`, only previews have it. */
export interface Since {
  preview: string;
  stable?: string;
  /** From and to: versions that were without it again. */
  absent?: { preview: readonly [string, string]; stable: readonly [string, string] };
}

/** Path from the body's top, like `properties.policies.softDeletePolicy`, to since when it exists. */
export type VersionedProperties = Readonly<Record<string, Since>>;

/** The paths that an api-version does not have. */
export function pathsUnknownTo(version: string, properties: VersionedProperties): string[] {
  return Object.keys(properties).filter((path) => !isKnown(version, properties[path]!));
}

/** The body with the paths left out; the body itself is left as it is. */
export function without<Body extends object>(body: Body, paths: readonly string[]): Body {
  return paths.reduce((rest, path) => omit(rest, path.split('.')) as Body, body);
}

/** What stands at a path of a body; undefined when nothing does. */
export function valueAt(body: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>(
      (value, name) => (isRecord(value) && Object.hasOwn(value, name) ? value[name] : undefined),
      body,
    );
}

export function isKnown(version: string, since: Since): boolean {
  const line = version.length > 'yyyy-MM-dd'.length ? 'preview' : 'stable';
  const date = version.slice(0, 'yyyy-MM-dd'.length);
  const [first, absent] = [since[line], since.absent?.[line]];
  if (first === undefined || date < first) return false;
  return !absent || date < absent[0] || date > absent[1];
}

function omit(value: unknown, [name, ...deeper]: string[]): unknown {
  if (!isRecord(value) || name === undefined || !Object.hasOwn(value, name)) return value;
  const { [name]: inner, ...others } = value;
  if (deeper.length === 0) return others;
  // Keeps the place of the key: people compare answers line by line.
  return { ...value, [name]: omit(inner, deeper) };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
