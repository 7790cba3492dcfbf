// The body of a PATCH: which of the four switches to turn, and how (Azure REST API, ChangeableAttributes).
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { type Attributes, attributeNames } from '../../../registry-node/content/attributes.ts';
import { readBody } from '../../../registry-node/http/body.ts';
import { OciError } from '../../../registry-node/oci/errors.ts';

const bodyBytesMax = 16 * 1024;
const expected = `expected a JSON object with any of ${attributeNames.join(', ')}, each true or false`;

const changesSchema = z.object({
  deleteEnabled: z.boolean().optional(),
  writeEnabled: z.boolean().optional(),
  readEnabled: z.boolean().optional(),
  listEnabled: z.boolean().optional(),
} satisfies Record<keyof Attributes, z.ZodType>);

/** @throws OciError REQUEST_INVALID */
export async function readChanges(request: FastifyRequest): Promise<Partial<Attributes>> {
  const bytes = await readBody(request.raw, bodyBytesMax, () => new OciError('REQUEST_INVALID', expected));
  const changes = changesSchema.safeParse(parseJson(bytes));
  if (!changes.success) throw new OciError('REQUEST_INVALID', expected);
  return Object.fromEntries(Object.entries(changes.data).filter(([, value]) => value !== undefined));
}

function parseJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch (error) {
    throw new OciError('REQUEST_INVALID', expected, undefined, { cause: error });
  }
}
