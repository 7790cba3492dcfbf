// `az acr connected-registry create`. Where az widens the ancestors before it knows that the
// connected registry can be made, this makes it first; what it made is taken back when a later step fails.
import { command } from '../../command.ts';
import { resolveForScopeMap } from '../../client/repository-globs.ts';
import { failure } from '../../errors.ts';
import { yes } from '../../options/yes.ts';
import { choice, fresh, list, text, threeState } from '../../parse/option.ts';
import { connectedRegistryView } from '../../views/connected-registry.ts';
import { identityOptions, refuseIdentity } from './identity.ts';
import { createConnectedRegistry } from './creation.ts';
import { readSyncFilter, syncFilterOption } from './sync-filter.ts';
import { connectedRegistryOptions, notifications, settingHelp, syncWindow } from './options.ts';

export default command({
  description:
    'Without --sync-token, a sync token and a scope map with the name of the connected registry are made for it.',
  options: {
    ...connectedRegistryOptions,
    name: fresh(connectedRegistryOptions.name),
    repository: list('--repository', 'Repositories to synchronise. This or --sync-token.', {
      resource: 'repository',
    }),
    syncToken: text('--sync-token', 'An existing token to synchronise with. This or --repository.', {
      resource: 'token',
    }),
    parent: text('--parent -p', 'Name of the parent connected registry. Absent: the cloud registry.', {
      resource: 'connected-registry',
      ask: 'parent',
    }),
    mode: choice('--mode -m', 'Whether clients may push to it.', ['ReadOnly', 'ReadWrite'], {
      fallback: 'ReadOnly',
    }),
    syncSchedule: text('--sync-schedule -s', settingHelp.schedule, {
      fallback: '* * * * *',
      ask: 'schedule',
    }),
    syncWindow,
    syncMessageTtl: text('--sync-message-ttl', settingHelp.messageTtl, { fallback: 'P2D' }),
    logLevel: text('--log-level', settingHelp.logLevel, { fallback: 'Information' }),
    clientTokens: list('--client-tokens', 'Names of the tokens that its clients sign in with.', {
      resource: 'token',
    }),
    notifications,
    syncFilter: syncFilterOption,
    gcEnabled: threeState('--gc-enabled', `${settingHelp.gcEnabled} Default: true.`),
    gcSchedule: text('--gc-schedule', settingHelp.gcSchedule, { fallback: '0 0 * * *' }),
    ...identityOptions,
    yes,
  },
  guide: {
    registry: () => true,
    name: () => true,
    mode: () => true,
    parent: () => true,
    repository: ({ syncToken }) => syncToken === undefined,
    syncSchedule: () => true,
    syncWindow: ({ syncSchedule }) => syncSchedule !== '* * * * *',
    clientTokens: () => true,
  },
  examples: [
    {
      purpose: 'Create a connected registry that synchronises two repositories, both ways.',
      line: 'acrc connected-registry create -r myregistry -n factory1 --repository hello-world app --mode ReadWrite',
    },
    {
      purpose: 'Create one below another, which synchronises for an hour each night.',
      line: 'acrc connected-registry create -r myregistry -n line1 -p factory1 --repository app -s "0 2 * * *" -w PT1H',
    },
    {
      purpose: 'Create one that wants the five newest releases for one platform.',
      line: `acrc connected-registry create -r myregistry -n line1 --repository app --sync-filter "[{repository: app, tags: {include: ['v*'], newest: 5}, platforms: [linux/amd64]}]"`,
    },
  ],
  view: connectedRegistryView,
  async run({ gcEnabled = true, ...options }, context) {
    refuseIdentity(options);
    if ((options.syncToken === undefined) === (options.repository === undefined)) {
      throw failure('argument error: either --sync-token or --repository must be provided, but not both.');
    }
    if (options.name.length < 5) {
      throw failure('argument error: Connected registry name must be at least 5 characters long.');
    }
    // Told by the service, it would be of the sync token, which gets the same name and is made first.
    if (!/^[a-zA-Z0-9]{5,50}$/.test(options.name)) {
      throw failure(
        `argument error: '${options.name}' is no name of a connected registry: 5 to 50 letters and digits.`,
      );
    }
    const id = await context.registry(options);
    const repository = options.repository && (await resolveForScopeMap(context, id, options.repository));
    const work = createConnectedRegistry(context, id, {
      ...options,
      repository,
      gcEnabled,
      syncFilter: await readSyncFilter(options.syncFilter),
    });
    return options.yes ? context.during(`Creating '${options.name}'`, work) : work;
  },
});
