// Which methods a path answers to: HEAD wherever GET does (RFC 9110 section 9.1), and to every other method 405 with the
// list of those that are right (section 15.5.6), so that a client sees a wrong method apart from a wrong path.
import type { FastifyInstance, HTTPMethods } from 'fastify';
import { OciError } from '../oci/errors.ts';

const methods: readonly HTTPMethods[] = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

/** A row of a table of routes, as far as methods are concerned. */
export interface MethodRow {
  method: HTTPMethods;
  path: string;
}

/** What a row is mounted for: a GET without a HEAD of its own answers HEAD too, without the body. */
export function methodsOf({ method, path }: MethodRow, rows: readonly MethodRow[]): HTTPMethods[] {
  const hasHead = rows.some((row) => row.path === path && row.method === 'HEAD');
  return method === 'GET' && !hasHead ? ['GET', 'HEAD'] : [method];
}

/** To be called once for each table. @param urlOf the route that a row's path is mounted at */
export function refuseOtherMethods(
  app: FastifyInstance,
  rows: readonly MethodRow[],
  urlOf: (path: string) => string,
): void {
  for (const path of new Set(rows.map((row) => row.path))) {
    const allowed = rows.filter((row) => row.path === path).flatMap((row) => methodsOf(row, rows));
    app.route({
      method: methods.filter((method) => !allowed.includes(method)),
      url: urlOf(path),
      handler: async (request) => {
        const allow = allowed.join(', ');
        const message = `${request.method} is not supported here; this path answers to ${allow}`;
        throw new OciError('UNSUPPORTED', message, undefined, { headers: { allow } });
      },
    });
  }
}
