// `az acr connected-registry update`: only what is given is sent.
import { command } from '../../command.ts';
import { changed, refuseOverlap } from '../../client/actions.ts';
import type { RegistryId } from '../../client/registry-id.ts';
import type { ConnectedRegistry } from '../../client/resources.ts';
import { listOrNone, text, threeState } from '../../parse/option.ts';
import { connectedRegistryView } from '../../views/connected-registry.ts';
import { present } from '../registry/switches.ts';
import { identityOptions, refuseIdentity } from './identity.ts';
import { connectedRegistryOptions, settingHelp, syncWindow } from './options.ts';
import { garbageCollection, type GivenSettings, syncProperties } from './settings.ts';
import { readSyncFilter, syncFilterOption } from './sync-filter.ts';

interface ListChanges {
  addClientTokens: string[] | undefined;
  removeClientTokens: string[] | undefined;
  addNotifications: string[] | undefined;
  removeNotifications: string[] | undefined;
}

export default command({
  description: 'A --sync-schedule without --sync-window removes the window.',
  options: {
    ...connectedRegistryOptions,
    syncSchedule: text('--sync-schedule -s', settingHelp.schedule),
    syncWindow,
    syncMessageTtl: text('--sync-message-ttl', settingHelp.messageTtl),
    logLevel: text('--log-level', settingHelp.logLevel),
    addClientTokens: listOrNone('--add-client-tokens', 'Names of client tokens to add.', {
      resource: 'token',
    }),
    removeClientTokens: listOrNone('--remove-client-tokens', 'Names of client tokens to remove.', {
      resource: 'token',
    }),
    addNotifications: listOrNone('--add-notifications', 'Notifications to add.'),
    removeNotifications: listOrNone('--remove-notifications', 'Notifications to remove.'),
    syncFilter: syncFilterOption,
    gcEnabled: threeState('--gc-enabled', settingHelp.gcEnabled),
    gcSchedule: text('--gc-schedule', settingHelp.gcSchedule),
    ...identityOptions,
  },
  examples: [
    {
      purpose: 'Let a token sign in on site.',
      line: 'acrc connected-registry update -r myregistry -n factory1 --add-client-tokens hello-world-rw',
    },
    {
      purpose: 'Synchronise at night only.',
      line: 'acrc connected-registry update -r myregistry -n factory1 -s "0 2 * * *" -w PT3H',
    },
    {
      purpose: 'Have only what a file selects.',
      line: 'acrc connected-registry update -r myregistry -n factory1 --sync-filter @filter.yaml',
    },
    {
      purpose: 'Have all again.',
      line: "acrc connected-registry update -r myregistry -n factory1 --sync-filter ''",
    },
  ],
  view: connectedRegistryView,
  async run({ name, ...options }, context) {
    refuseIdentity(options);
    const registry = await context.registry(options);
    const id = registry.child('connectedRegistries', name);
    refuseAmbiguity(options);
    const syncFilter = await readSyncFilter(options.syncFilter);
    const settings = { ...settingsOf(options), ...present({ syncFilter }) };
    const arm = await context.arm();
    const { properties } = await arm.get<ConnectedRegistry>(id);
    return arm.patch(id, { properties: { ...settings, ...listsOf(registry, properties, options) } });
  },
});

function refuseAmbiguity(given: ListChanges): void {
  const {
    addClientTokens = [],
    removeClientTokens = [],
    addNotifications = [],
    removeNotifications = [],
  } = given;
  refuseOverlap(
    'client token ids',
    '--add-client-tokens and --remove-client-tokens',
    addClientTokens,
    removeClientTokens,
  );
  refuseOverlap(
    'notifications list',
    '--add-notifications and --remove-notifications',
    addNotifications,
    removeNotifications,
  );
}

function settingsOf(given: GivenSettings): Record<string, unknown> {
  const some = (object: Record<string, unknown>): object | undefined =>
    Object.keys(object).length === 0 ? undefined : object;
  return present({
    syncProperties: some(syncProperties(given)),
    logging: given.logLevel === undefined ? undefined : { logLevel: given.logLevel },
    garbageCollection: some(garbageCollection(given)),
  });
}

/** Whole new lists, and only those that change. */
function listsOf(
  registry: RegistryId,
  { clientTokenIds = [], notificationsList = [] }: ConnectedRegistry['properties'],
  given: ListChanges,
): Record<string, unknown> {
  // ARM compares ids without case, and so may have stored another spelling than the one composed here.
  const idOf = (token: string): string => {
    const id = registry.child('tokens', token);
    return clientTokenIds.find((known) => known.toLowerCase() === id.toLowerCase()) ?? id;
  };
  const {
    addClientTokens = [],
    removeClientTokens = [],
    addNotifications = [],
    removeNotifications = [],
  } = given;
  return present({
    clientTokenIds: changed(clientTokenIds, addClientTokens.map(idOf), removeClientTokens.map(idOf)),
    notificationsList: changed(notificationsList, addNotifications, removeNotifications),
  });
}
