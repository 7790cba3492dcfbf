// The gateway: what a parent serves the connected registries below it (docs/sync-protocol.md). A Fastify plugin that
// the cloud registry and every node mount alike.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import type { Caller, Gate } from '../auth/gate.ts';
import { OciError } from '../oci/errors.ts';
import type { GatewayAction } from '../oci/scope.ts';
import type { ChildReport, Children } from './children.ts';
import {
  type ActivateResponse,
  activateRequestSchema,
  deactivateRequestSchema,
  type GatewayCall,
  type NodeConfiguration,
  type Notification,
  notifyRequestSchema,
  type SyncRequest,
  type SyncResponse,
  syncRequestSchema,
} from './protocol.ts';
import { answerRound, type RoundDependencies, tellsNothing } from './round.ts';
import { createWaitingRounds, type WaitingRound } from './waiting-rounds.ts';

export interface GatewayDependencies extends RoundDependencies {
  gate: Gate;
  /** Keeps what happened at nodes below, for the way up; durable when it resolves. */
  notified(notifications: readonly Notification[]): Promise<void>;
}

const needs: Record<GatewayCall, readonly GatewayAction[]> = {
  activate: ['config/write'],
  sync: ['config/read', 'message/read', 'message/write'],
  notify: ['message/write'],
  deactivate: ['config/write'],
};
/** A report names every descendant; 50 of them are far below this. */
const bodyBytesMax = 4 * 1024 * 1024;

type Call = FastifyRequest<{ Params: { name: string } }>;

export function gatewayRoutes(app: FastifyInstance, dependencies: GatewayDependencies): void {
  const { children, clock, content, gate } = dependencies;
  const admit = (request: Call, call: GatewayCall): Promise<Caller> =>
    gate.admit(request, {
      kind: 'gateway',
      connectedRegistry: request.params.name,
      actions: needs[call],
    });

  app.register(async (scope) => {
    readJson(scope);
    const waiting = createWaitingRounds(content, children, clock);
    scope.addHook('preClose', async () => waiting.close());

    const activate = async (request: Call): Promise<ActivateResponse> => {
      await admit(request, 'activate');
      const { instanceId, status } = parse(activateRequestSchema, request.body);
      await children.activate(request.params.name, instanceId, { status, descendants: {} });
      return children.configuration(request.params.name);
    };
    const sync = async (request: Call, reply: FastifyReply): Promise<SyncResponse> => {
      await admit(request, 'sync');
      const body = parse(syncRequestSchema, request.body);
      const round = waiting.enter();
      const gone = (): void => round.end();
      reply.raw.once('close', gone);
      try {
        return await longRound(dependencies, request.params.name, body, round, () => admit(request, 'sync'));
      } finally {
        round.end();
        reply.raw.off('close', gone);
      }
    };
    const notify = async (request: Call, reply: FastifyReply): Promise<FastifyReply> => {
      await admit(request, 'notify');
      const { name } = request.params;
      const { instanceId, notifications } = parse(notifyRequestSchema, request.body);
      await children.requireHolder(name, instanceId);
      const { configuration } = await children.configuration(name);
      const names = namesBelow(configuration).add(configuration.name);
      await dependencies.notified(
        notifications.filter(({ connectedRegistry }) => names.has(connectedRegistry)),
      );
      return reply.code(204).send();
    };
    const deactivate = async (request: Call, reply: FastifyReply): Promise<FastifyReply> => {
      await admit(request, 'deactivate');
      const { instanceId } = parse(deactivateRequestSchema, request.body);
      await children.deactivate(request.params.name, instanceId);
      return reply.code(204).send();
    };
    for (const [call, handler] of Object.entries({ activate, sync, notify, deactivate })) {
      scope.post(`/acr/connected-registries/:name/${call}`, handler);
    }
  });
}

/**
 * Answers at once when there is something to tell; else when something happens, the child asked for no longer wait,
 * it went away, or the server closes. After each change the caller is admitted again: a token that was disabled, or a
 * name that was given back meanwhile, learns nothing more.
 */
async function longRound(
  dependencies: GatewayDependencies,
  name: string,
  body: SyncRequest,
  round: WaitingRound,
  admit: () => Promise<Caller>,
): Promise<SyncResponse> {
  const { children, clock } = dependencies;
  const waitMs = body.waitSeconds * 1000;
  const deadline = clock.now().getTime() + waitMs;
  let { cursor, cursorMark } = body;
  let isOver = false;
  for (let isNew = true; ; isNew = false) {
    const { principal } = await admit();
    // Kept once: while the round waits, newer reports replace what it told.
    if (isNew) await children.report(name, body.instanceId, await reportOf(children, name, body));
    else if (round.childrenChanged()) await children.requireHolder(name, body.instanceId);
    const answer = await answerRound(dependencies, name, principal.grants, { ...body, cursor, cursorMark });
    // Bounded by itself: a clock that is set back must not lengthen the wait.
    const remainingMs = Math.min(deadline - clock.now().getTime(), waitMs);
    if (isOver || !tellsNothing(answer, body) || remainingMs <= 0) return answer;
    // Events that this child may not see move its cursor all the same, so they are never read again.
    ({ cursor, cursorMark } = answer);
    const woken = await round.wait(
      remainingMs,
      (repository) => !body.reportOnly && principal.grants.repository(repository, 'content/read'),
    );
    if (woken === 'end') return answer;
    isOver = woken === 'time';
  }
}

async function reportOf(
  children: Children,
  name: string,
  { status, descendants }: SyncRequest,
): Promise<ChildReport> {
  const names = namesBelow((await children.configuration(name)).configuration);
  const own = Object.entries(descendants).filter(([descendant]) => names.has(descendant));
  return { status, descendants: Object.fromEntries(own) };
}

/** Of all nodes below one, however deep. Nobody speaks for others; and one that it speaks for may have been deleted meanwhile. */
function namesBelow({ children }: NodeConfiguration): Set<string> {
  return new Set(children.flatMap(({ configuration: below }) => [below.name, ...namesBelow(below)]));
}

/** The server's other routes take bodies as streams; these four take small JSON. */
function readJson(scope: FastifyInstance): void {
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser(
    'application/json',
    { parseAs: 'string', bodyLimit: bodyBytesMax },
    scope.getDefaultJsonParser('error', 'error'),
  );
}

function parse<T>(schema: z.ZodType<T>, body: unknown): T {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  const issue = result.error.issues[0]!;
  throw new OciError(
    'REQUEST_INVALID',
    `the request body is not valid: ${issue.path.join('.')}: ${issue.message}`,
  );
}
