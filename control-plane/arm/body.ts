// From the body of a request to a value of its schema. Schemas are strict: a property that a type does not have, or
// does not have in the request's api-version, is refused by name, because a setting with a typing error in its name
// would otherwise be lost in silence. `--loose` leaves such properties out instead.
import type { FastifyRequest } from 'fastify';
import type { z, ZodError } from 'zod';
import { apiVersionOf } from './api-version.ts';
import { ArmError } from './errors.ts';
import { pathsUnknownTo, valueAt, type VersionedProperties, without } from './versioned.ts';

/** @throws ArmError InvalidRequestContent, ZodError */
export type BodyReader = <Value>(
  request: FastifyRequest,
  schema: z.ZodType<Value>,
  versioned?: VersionedProperties,
) => Value;

/** No body nests deeper; each pass over a loose one leaves out what is unknown one level further down. */
const depthMax = 16;

export function createBodyReader({ loose }: { loose: boolean }): BodyReader {
  return (request, schema, versioned = {}) => {
    const newer = pathsUnknownTo(apiVersionOf(request), versioned);
    if (!loose) {
      const unknown = newer.find((path) => valueAt(request.body, path) !== undefined);
      if (unknown !== undefined) throw unknownProperty(unknown, apiVersionOf(request));
      return schema.parse(request.body ?? {});
    }
    return parseLoosely(schema, without(request.body ?? {}, newer));
  };
}

function parseLoosely<Value>(schema: z.ZodType<Value>, body: object): Value {
  let rest = body;
  for (let depth = 0; depth < depthMax; depth++) {
    const result = schema.safeParse(rest);
    if (result.success) return result.data;
    const unknown = unknownPaths(result.error);
    if (unknown.length === 0) throw result.error;
    rest = structuredClone(rest);
    for (const path of unknown) remove(rest, path);
  }
  return schema.parse(rest);
}

/** Of the properties that a schema does not have. */
export function unknownPaths(error: ZodError): PropertyKey[][] {
  return error.issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys' ? issue.keys.map((key) => [...issue.path, key]) : [],
  );
}

/** @param version given when other api-versions have it */
export function unknownProperty(path: string, version?: string): ArmError {
  const [, parent = '', name = path] = /^(?:(.*)\.)?([^.]+)$/.exec(path) ?? [];
  const where = parent === '' ? 'the resource' : `'${parent}'`;
  const when = version === undefined ? '' : ` in api-version ${version}`;
  return new ArmError(
    'InvalidRequestContent',
    `The request content was invalid and could not be deserialized: could not find member '${name}' on ${where}${when}. Path '${path}'.`,
    path,
  );
}

function remove(body: unknown, path: readonly PropertyKey[]): void {
  const holder = path
    .slice(0, -1)
    .reduce<unknown>((value, key) => (value as Record<PropertyKey, unknown>)[key], body);
  delete (holder as Record<PropertyKey, unknown>)[path.at(-1)!];
}
