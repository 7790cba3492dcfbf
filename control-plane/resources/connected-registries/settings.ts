// From what a client sends to what is kept: defaults for a new connected registry, and what a PATCH leaves alone. A
// list in a PATCH replaces the list before it.
import { parsePattern } from '../../../registry-node/notifications/pattern.ts';
import { isContinuous } from '../../../registry-node/sync-window.ts';
import { ArmError } from '../../arm/errors.ts';
import type { Resource } from '../../store/resource.ts';
import type { ResourceReader } from '../../store/resources.ts';
import type { RegistryProperties } from '../registries/schema.ts';
import { checkClientTokens, checkParent, checkSyncToken } from './references.ts';
import { checkDuration, checkSchedule } from './schedule.ts';
import {
  type ConnectedRegistryPatch,
  type ConnectedRegistryProperties,
  type ConnectedRegistryPut,
  continuousSchedule,
  garbageCollectionDefault,
  type SettingsInput,
} from './schema.ts';

type Settings = Pick<
  ConnectedRegistryProperties,
  'clientTokenIds' | 'logging' | 'notificationsList' | 'garbageCollection' | 'syncFilter'
>;
type Sync = Pick<ConnectedRegistryProperties, 'schedule' | 'syncWindow' | 'messageTtl'>;

const defaults: Settings = {
  clientTokenIds: [],
  logging: { logLevel: 'Information', auditLogStatus: 'Disabled' },
  notificationsList: [],
  garbageCollection: garbageCollectionDefault,
};

export async function fromPut(
  reader: ResourceReader,
  registry: Resource<RegistryProperties>,
  name: string,
  input: ConnectedRegistryPut,
  before: ConnectedRegistryProperties | undefined,
): Promise<Omit<ConnectedRegistryProperties, 'deactivations'>> {
  const { mode, parent } = input;
  const { tokenId, schedule, syncWindow, messageTtl } = parent.syncProperties;
  const path = 'properties.parent.syncProperties';
  const syncToken = await checkSyncToken(reader, registry, name, tokenId);
  return {
    mode,
    parentId: parent.id
      ? await checkParent(reader, registry, { name, mode, parentId: parent.id })
      : undefined,
    tokenId: syncToken,
    ...checkSync(
      { schedule: schedule ?? continuousSchedule, syncWindow: syncWindow ?? undefined, messageTtl },
      path,
    ),
    ...(await merge(
      reader,
      registry,
      { ...defaults, tokenId: syncToken, syncFilter: before?.syncFilter },
      input,
    )),
  };
}

export async function fromPatch(
  reader: ResourceReader,
  registry: Resource<RegistryProperties>,
  before: ConnectedRegistryProperties,
  input: ConnectedRegistryPatch,
): Promise<ConnectedRegistryProperties> {
  const { schedule, syncWindow, messageTtl } = input.syncProperties ?? {};
  // A new schedule without a window ends the window that belonged to the old one (as recorded).
  const window = syncWindow ?? (schedule ? undefined : before.syncWindow);
  const sync = {
    schedule: schedule ?? before.schedule,
    syncWindow: window,
    messageTtl: messageTtl ?? before.messageTtl,
  };
  return {
    ...before,
    ...checkSync(sync, 'properties.syncProperties'),
    ...(await merge(reader, registry, before, input)),
  };
}

function checkSync({ schedule, syncWindow, messageTtl }: Sync, path: string): Sync {
  const checked = checkSchedule(schedule, `${path}.schedule`);
  return {
    schedule: checked,
    syncWindow:
      syncWindow === undefined || isContinuous(checked)
        ? undefined
        : checkDuration(syncWindow, 'syncWindow', `${path}.syncWindow`),
    messageTtl: checkDuration(messageTtl, 'messageTtl', `${path}.messageTtl`),
  };
}

/** Without a rule there is no filter. */
function someRules(rules: SettingsInput['syncFilter']): Settings['syncFilter'] {
  return rules && rules.length > 0 ? rules : undefined;
}

async function merge(
  reader: ResourceReader,
  registry: Resource<RegistryProperties>,
  before: Settings & Pick<ConnectedRegistryProperties, 'tokenId'>,
  input: SettingsInput,
): Promise<Settings> {
  const schedule = input.garbageCollection?.schedule ?? before.garbageCollection.schedule;
  return {
    syncFilter: input.syncFilter === undefined ? before.syncFilter : someRules(input.syncFilter),
    clientTokenIds: input.clientTokenIds
      ? await checkClientTokens(reader, registry, input.clientTokenIds, before.tokenId)
      : before.clientTokenIds,
    logging: {
      logLevel: input.logging?.logLevel ?? before.logging.logLevel,
      auditLogStatus: input.logging?.auditLogStatus ?? before.logging.auditLogStatus,
    },
    notificationsList: input.notificationsList
      ? checkNotifications(input.notificationsList)
      : before.notificationsList,
    garbageCollection: {
      enabled: input.garbageCollection?.enabled ?? before.garbageCollection.enabled,
      schedule: checkSchedule(schedule, 'properties.garbageCollection.schedule'),
    },
  };
}

/** Each is sent to the node, and looked at for each event there. */
const notificationsMax = 500;

/** @returns each once, in their order. @throws ArmError InvalidPropertyValue, QuotaExceeded */
function checkNotifications(texts: readonly string[]): string[] {
  const target = 'properties.notificationsList';
  const distinct = [...new Set(texts)];
  if (distinct.length > notificationsMax)
    throw new ArmError(
      'QuotaExceeded',
      `A connected registry has at most ${notificationsMax} notifications, and ${distinct.length} were given. Use a pattern like team/*:*:push.`,
      target,
    );
  for (const text of distinct) {
    const parsed = parsePattern(text);
    if (!('wrong' in parsed)) continue;
    throw new ArmError(
      'InvalidPropertyValue',
      `'${text}' is not a notification. ${parsed.wrong} Expected repository[:tag][@digest]:action with the action push, delete or *, like hello-world:*:push.`,
      target,
    );
  }
  return distinct;
}
