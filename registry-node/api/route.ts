// A row of the registry's route table: what it answers to, what it needs, and who handles it.
import type { FastifyReply, FastifyRequest, HTTPMethods } from 'fastify';
import type { Caller } from '../auth/gate.ts';
import type { Change, Content } from '../content/content.ts';
import type { RepositoryName } from '../oci/name.ts';
import type { RepositoryAction } from '../oci/scope.ts';

/** All that a handler works with. */
export interface Exchange {
  content: Content;
  request: FastifyRequest;
  reply: FastifyReply;
  caller: Caller;
  /** The path's parameters, percent-decoded; a route that names one in its path has it. */
  parameter(name: string): string;
  /** The query's values; empty when it is not there. */
  query: URLSearchParams;
  /** Who the caller's changes come from. */
  change: Change;
}

export interface RepositoryExchange extends Exchange {
  repository: RepositoryName;
}

/** A handler answers by `reply`, or on its raw response after `hijack`. */
export interface RepositoryRoute {
  /** The endpoint of the specification that it implements. */
  end: string;
  method: HTTPMethods;
  /** Below `/v2/:name/`. */
  path: string;
  actions: readonly RepositoryAction[];
  /** One of `actions` is enough. */
  any?: boolean;
  /** Alters content: a ReadOnly registry refuses it. */
  change?: boolean;
  /** Its body is bytes of a blob: a principal has only so many of them under way. */
  upload?: boolean;
  handle: (exchange: RepositoryExchange) => Promise<unknown>;
}

export interface RegistryRoute {
  end: string;
  method: HTTPMethods;
  path: string;
  need: 'sign-in' | 'catalog';
  handle: (exchange: Exchange) => Promise<unknown>;
}
