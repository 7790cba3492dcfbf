// A row of the metadata API's route table: what it answers to, what it needs, and who handles it.
import type { FastifyReply, FastifyRequest, HTTPMethods } from 'fastify';
import type { Caller } from '../../../registry-node/auth/gate.ts';
import type { Change, Content } from '../../../registry-node/content/content.ts';
import type { RepositoryName } from '../../../registry-node/oci/name.ts';
import type { RepositoryAction } from '../../../registry-node/oci/scope.ts';
import type { ImageFactsReader } from './image-facts.ts';

/** All that a handler works with. */
export interface MetadataExchange {
  /** Obeys locks: what is locked against reading is read by `facts` alone. */
  content: Content;
  facts: ImageFactsReader;
  request: FastifyRequest;
  reply: FastifyReply;
  caller: Caller;
  /** Who the caller's changes come from. */
  change: Change;
  /** The path's parameters, percent-decoded; a route that names one in its path has it. */
  parameter(name: string): string;
}

export interface RepositoryExchange extends MetadataExchange {
  repository: RepositoryName;
  /** What every answer about the repository begins with. */
  heading: { registry: string; imageName: RepositoryName };
}

/** @returns the body of a 200, or the reply that was sent */
export interface MetadataRoute {
  method: HTTPMethods;
  /** Below `/acr/v1/:name`. */
  path: string;
  actions: readonly RepositoryAction[];
  change?: boolean;
  handle: (exchange: RepositoryExchange) => Promise<object>;
}
