// The name that a client gives one request, told back with its answer (Azure REST API guidelines, `x-ms-client-request-id`). Whoever
// gets an answer with another name has the answer to another request: something on the way repeats answers, or mixes them up.

export const clientRequestIdHeader = 'x-ms-client-request-id';

/** @returns the header to answer with, empty for a request without a name, or with one that nobody should repeat */
export function toldBack(asked: string | string[] | undefined): Record<string, string> {
  return typeof asked === 'string' && /^[\w.-]{1,64}$/.test(asked) ? { [clientRequestIdHeader]: asked } : {};
}
