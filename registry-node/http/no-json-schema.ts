// Fastify would load its compilers of JSON Schema for every server, a megabyte that no route here asks for: bodies are parsed
// in the routes, with zod. What is published does not even hold those compilers (build/bundle.ts).

/** @throws Error always: it is called for a route that declares a JSON Schema */
function refuse(): never {
  throw new Error('routes have no JSON Schema here: parse in the route, with zod');
}

/** To be spread into the options of each Fastify server. */
export const noJsonSchema = {
  schemaController: { compilersFactory: { buildValidator: refuse, buildSerializer: refuse } },
} as const;
