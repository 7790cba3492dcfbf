// Where clients poll the operations that other routes began.
import type { FastifyInstance } from 'fastify';
import type { Operation } from '../store/operations.ts';
import { ArmError } from './errors.ts';
import type { LongRunning } from './long-running.ts';
import { answerResult, answerStatus } from './operation-answers.ts';
import { routePaths } from './route-paths.ts';

interface Params {
  Params: { operation: string };
}

const location = `${routePaths.providerInSubscription}/locations/:location`;

/** Of every resource that is made or changed in an operation. */
const statuses = [routePaths.registry, `${routePaths.registry}/:childType/:child`, location];
/** Of what is removed, or done: the resource may be gone. */
const results = [location, routePaths.subscription];

export function operationRoutes(app: FastifyInstance, longRunning: LongRunning): void {
  const find = async (id: string): Promise<Operation> => {
    const operation = await longRunning.poll(id);
    if (operation) return operation;
    throw new ArmError(
      'OperationNotFound',
      `The operation ${id} could not be found. Operations are kept for 7 days.`,
    );
  };
  for (const path of statuses) {
    app.get<Params>(`${path}/operationStatuses/:operation`, async (request, reply) =>
      answerStatus(request, reply, await find(request.params.operation)),
    );
  }
  for (const path of results) {
    app.get<Params>(`${path}/operationResults/:operation`, async (request, reply) =>
      answerResult(request, reply, await find(request.params.operation)),
    );
  }
}
