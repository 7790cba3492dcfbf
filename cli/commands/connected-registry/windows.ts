// When a connected registry synchronises next, as the cloud has it, or as another schedule would have it.
import { command } from '../../command.ts';
import { text } from '../../parse/option.ts';
import { textAt } from '../../output/view.ts';
import { requireWindow, syncWindowsOf } from '../../sync-windows.ts';
import { syncWindowsView } from '../../views/sync-windows.ts';
import { connectedRegistryOptions } from './options.ts';

const sync = 'properties.parent.syncProperties';

export default command({
  description:
    'The next ten, in UTC. Windows that touch or overlap are one. With --sync-schedule or --sync-window they are what those would ' +
    'make of them; nothing is changed.',
  options: {
    ...connectedRegistryOptions,
    syncSchedule: text('--sync-schedule -s', 'Cron expression (UTC) to try. Default: its own.'),
    syncWindow: text('--sync-window -w', 'ISO 8601 duration to try. Default: its own.'),
  },
  examples: [
    {
      purpose: 'See when it synchronises next.',
      line: 'acrc connected-registry windows -r myregistry -n factory1 -o table',
    },
    {
      purpose: 'See what four hours every weekday night would be.',
      line: "acrc connected-registry windows -r myregistry -n factory1 -s '0 2 * * 1-5' -w PT4H -o table",
    },
  ],
  view: syncWindowsView,
  async run({ name, syncSchedule, syncWindow, ...options }, context) {
    if (syncWindow !== undefined) requireWindow(syncWindow);
    const registry = await context.registry(options);
    const connected = await (await context.arm()).get(registry.child('connectedRegistries', name));
    const schedule = {
      name: textAt(connected, 'name'),
      schedule: syncSchedule ?? textAt(connected, `${sync}.schedule`),
      syncWindow: syncWindow ?? (textAt(connected, `${sync}.syncWindow`) || undefined),
    };
    return syncWindowsOf(schedule, context.clock.now());
  },
});
