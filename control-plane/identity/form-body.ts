// `application/x-www-form-urlencoded` bodies: what OAuth's endpoints take. Repeated fields are joined with spaces, as
// the registry's token protocol does with scopes.
import type { FastifyInstance } from 'fastify';

const bytesMax = 64 * 1024;

export function acceptForms(app: FastifyInstance): void {
  app.addContentTypeParser<string>(
    'application/x-www-form-urlencoded',
    { parseAs: 'string', bodyLimit: bytesMax },
    (_request, body, done) => done(null, parseForm(body)),
  );
}

function parseForm(text: string): Record<string, string> {
  const form = new URLSearchParams(text);
  return Object.fromEntries([...new Set(form.keys())].map((name) => [name, form.getAll(name).join(' ')]));
}
