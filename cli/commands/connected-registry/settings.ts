// The settings of a connected registry as ARM takes them.
import { failure } from '../../errors.ts';
import { present } from '../registry/switches.ts';

export interface GivenSettings {
  syncSchedule: string | undefined;
  syncWindow: string | undefined;
  syncMessageTtl: string | undefined;
  logLevel: string | undefined;
  gcEnabled: boolean | undefined;
  gcSchedule: string | undefined;
}

export function syncProperties(given: GivenSettings): Record<string, unknown> {
  return present({
    schedule: given.syncSchedule,
    syncWindow: duration('--sync-window', given.syncWindow),
    messageTtl: duration('--sync-message-ttl', given.syncMessageTtl),
  });
}

export function garbageCollection(given: GivenSettings): Record<string, unknown> {
  return present({ enabled: given.gcEnabled, schedule: given.gcSchedule });
}

/** Only the form is checked here; the bounds are the control plane's. @throws CliError */
function duration(name: string, text: string | undefined): string | undefined {
  const iso = /^P(?=\d|T\d)(\d+Y)?(\d+M)?(\d+W)?(\d+D)?(T(?=\d)(\d+H)?(\d+M)?(\d+(\.\d+)?S)?)?$/;
  if (text === undefined || iso.test(text)) return text;
  throw failure(
    `${name} is '${text}'; expected an ISO 8601 duration such as PT4H (four hours) or P2D (two days).`,
  );
}
