// What goes wrong in the registries: damaged content, connected registries that are not well, and passwords that end.
import { RegistryId } from '../client/registry-id.ts';
import type { ConnectedRegistry, Registry, Token } from '../client/resources.ts';
import type { Context } from '../context.ts';
import { dayMs, type Finding, ok, problem, warning } from './finding.ts';

const registriesMax = 100;
const passwordDaysMin = 14;

export async function* checkRegistries(context: Context): AsyncGenerator<Finding> {
  const arm = await context.arm();
  const subscription = await context.subscription();
  const { contentFindings } = await import('./content.ts');
  const provider = 'providers/Microsoft.ContainerRegistry/registries';
  const all = await arm.list<Registry>(`/subscriptions/${subscription}/${provider}`);
  yield ok('registries', `There are ${all.length}.`);
  for (const { id, name } of all.slice(0, registriesMax)) {
    const group = id.split('/')[4] ?? '';
    const registry = new RegistryId(subscription, group, name);
    yield* contentFindings(context, name);
    for (const one of await arm.list<ConnectedRegistry>(registry.child('connectedRegistries'))) {
      yield connectedFinding(name, one);
    }
    for (const token of await arm.list<Token>(registry.child('tokens'))) {
      yield* tokenFindings(name, token, context.clock.now());
    }
  }
  if (all.length <= registriesMax) return;
  yield warning(
    'registries',
    `Only ${registriesMax} of ${all.length} were looked at.`,
    'Name others in `acrc check-health -n`.',
  );
}

export function connectedFinding(registry: string, { name, properties }: ConnectedRegistry): Finding {
  const { connectionState = 'Offline', activation, lastActivityTime, statusDetails = [] } = properties;
  const check = `${registry}/${name}`;
  const show = `acrc connected-registry show -r ${registry} -n ${name}`;
  if (activation?.status !== 'Active') {
    const remedy = `acrc connected-registry get-settings -r ${registry} -n ${name} --parent-protocol https --generate-password 1`;
    return warning(check, 'No node has taken the name.', remedy);
  }
  const told = statusDetails.map(({ code, description }) => `${code}: ${description}`).join(' ');
  if (connectionState === 'Unhealthy') return problem(check, told || 'It is Unhealthy.', show);
  if (connectionState !== 'Offline') return ok(check, `It is ${connectionState}. ${told}`.trimEnd());
  return problem(
    check,
    `It is Offline since ${lastActivityTime ?? 'ever'}.`,
    `Look at its link and its machine: ${show}`,
  );
}

export function* tokenFindings(registry: string, { name, properties }: Token, now: Date): Generator<Finding> {
  for (const { name: which, expiry } of properties.credentials?.passwords ?? []) {
    if (expiry === undefined) continue;
    const days = Math.floor((Date.parse(expiry) - now.getTime()) / dayMs);
    if (days >= passwordDaysMin) continue;
    const remedy = `acrc token credential generate -r ${registry} -n ${name} --${which}`;
    const check = `${registry}/${name}`;
    if (days < 0) yield problem(check, `Its ${which} expired at ${expiry}.`, remedy);
    else yield warning(check, `Its ${which} ends in ${days} days, at ${expiry}.`, remedy);
  }
}
