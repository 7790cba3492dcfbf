// What the commands on connected registries share: the name, and the settings that create and update both take.
import { registryOfChild } from '../../options/registry.ts';
import { list, text } from '../../parse/option.ts';

export const connectedRegistryOptions = {
  ...registryOfChild,
  name: text(
    '--name -n',
    'Name of the connected registry: 5 to 40 letters and digits, unique in the hierarchy.',
    { required: true, resource: 'connected-registry' },
  ),
};

export const settingHelp = {
  schedule: 'Cron expression (UTC) of the times at which a sync window opens. `* * * * *` is always.',
  window: 'How long a sync window stays open: an ISO 8601 duration from PT1H to P7D.',
  messageTtl:
    'How long the cloud keeps changes for the connected registry: an ISO 8601 duration from P1D to P90D.',
  logLevel: 'How much the connected registry logs: Debug, Information, Warning, Error or None.',
  gcEnabled: 'Whether what nothing refers to any more is removed from the connected registry.',
  gcSchedule: 'Cron expression (UTC) of that removal.',
} as const;

export const syncWindow = text('--sync-window -w', settingHelp.window, { ask: 'window' });
export const notifications = list(
  '--notifications',
  "Artifacts whose changes are notified: 'repository[:tag][@digest]:action', action push, delete or *.",
);
