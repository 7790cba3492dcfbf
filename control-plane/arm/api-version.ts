// api-version: every client sends one, and real clients mix versions within one command (fixtures/wire), so any
// well-formed one is accepted. What a version changed in a shape is decided where that shape is made.
import type { FastifyRequest } from 'fastify';
import { ArmError } from './errors.ts';

const pattern = /^\d{4}-\d{2}-\d{2}(-[a-z]+)?$/i;

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

/** Whether the request's api-version is `first` or newer; versions compare by their dates. */
export function isSince(request: FastifyRequest, first: string): boolean {
  return apiVersionOf(request).slice(0, first.length) >= first;
}

/** Empty when there is none, or several. */
export function apiVersionOf(request: FastifyRequest): string {
  const { 'api-version': version } = request.query as { 'api-version'?: string | string[] };
  return typeof version === 'string' ? version : '';
}
