// api-version: every client sends one, and real clients mix versions within one command (fixtures/wire), so any
// well-formed one is accepted. What a version changed in a shape is a table beside that shape (versioned.ts).
import type { FastifyRequest } from 'fastify';
import { ArmError } from './errors.ts';

const pattern = /^\d{4}-\d{2}-\d{2}(-[a-z]+)?$/i;

/** The versions that Azure published, which `Microsoft.ContainerRegistry` names as its own; newest first. */
export const publishedVersions = [
  '2026-03-01-preview',
  '2026-01-01-preview',
  '2025-11-01',
  '2025-06-01-preview',
  '2025-05-01-preview',
  '2025-04-01',
  '2025-03-01-preview',
  '2024-11-01-preview',
  '2023-11-01-preview',
  '2023-08-01-preview',
  '2023-07-01',
  '2023-06-01-preview',
  '2023-01-01-preview',
  '2022-12-01',
  '2022-02-01-preview',
  '2021-12-01-preview',
  '2021-09-01',
  '2021-08-01-preview',
  '2021-06-01-preview',
  '2020-11-01-preview',
  '2019-12-01-preview',
  '2019-05-01',
  '2019-05-01-preview',
  '2017-10-01',
] as const;

/** @throws ArmError MissingApiVersionParameter, InvalidApiVersionParameter */
export function requireApiVersion(request: FastifyRequest): void {
  const version = apiVersionOf(request);
  if (version === '') {
    throw new ArmError(
      'MissingApiVersionParameter',
      'The api-version query parameter (?api-version=) is required for all requests.',
    );
  }
  if (!pattern.test(version)) {
    throw new ArmError(
      'InvalidApiVersionParameter',
      `The api-version '${version}' is invalid. The expected format is yyyy-MM-dd or yyyy-MM-dd-preview.`,
    );
  }
}

/** Empty when there is none. */
export function apiVersionOf(request: FastifyRequest): string {
  const { 'api-version': version = '' } = request.query as { 'api-version'?: string };
  return version;
}
