// Where clients poll the operations that other routes began.
import type { FastifyInstance } from 'fastify';
import type { Operation, Operations } from '../store/operations.ts';
import { ArmError } from './errors.ts';
import type { LongRunning } from './long-running.ts';
import { answerResult, answerStatus } from './operation-answers.ts';
import { routePaths } from './route-paths.ts';

interface Params {
  Params: { operation: string };
}

export function operationRoutes(
  app: FastifyInstance,
  operations: Operations,
  longRunning: LongRunning,
): void {
  const find = async (id: string): Promise<Operation> => {
    await longRunning.linger(id);
    const operation = await operations.get(id);
    if (!operation) {
      throw new ArmError(
        'OperationNotFound',
        `The operation ${id} could not be found. Operations are kept for 7 days.`,
      );
    }
    return operation;
  };
  for (const path of [routePaths.registry, `${routePaths.registry}/:childType/:child`]) {
    app.get<Params>(`${path}/operationStatuses/:operation`, async (request, reply) =>
      answerStatus(request, reply, await find(request.params.operation)),
    );
  }
  const results = `${routePaths.providerInSubscription}/locations/:location/operationResults/:operation`;
  app.get<Params>(results, async (request, reply) =>
    answerResult(request, reply, await find(request.params.operation)),
  );
}
