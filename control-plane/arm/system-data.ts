// Who made and last changed a resource. Kept with it, and shown with the `+00:00` offset that recordings have.
import type { SystemData } from '../store/resource.ts';
import { offsetTime } from './instant.ts';

/** Who sends an ARM request: a signed-in service principal. */
export interface ArmCaller {
  clientId: string;
  /** What its roles are given to. */
  objectId: string;
  tenantId: string;
}

export function createdBy(caller: ArmCaller, now: Date): SystemData {
  const at = offsetTime(now);
  return {
    createdBy: caller.clientId,
    createdByType: 'Application',
    createdAt: at,
    lastModifiedBy: caller.clientId,
    lastModifiedByType: 'Application',
    lastModifiedAt: at,
  };
}

/** The same, kept where the resource existed before. */
export function savedBy(caller: ArmCaller, now: Date, before: SystemData | undefined): SystemData {
  const { createdBy: by, createdByType, createdAt } = before ?? createdBy(caller, now);
  return { ...createdBy(caller, now), createdBy: by, createdByType, createdAt };
}
