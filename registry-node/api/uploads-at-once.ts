// Each request that brings bytes of a blob holds a file and two buffers, so nobody may have any number of them open at once.
import { OciError } from '../oci/errors.ts';
import { limits } from '../oci/limits.ts';

export interface UploadsAtOnce {
  /** Does `work` for the principal. @throws OciError TOOMANYREQUESTS */
  during<T>(principal: string, work: () => Promise<T>): Promise<T>;
}

export function createUploadsAtOnce(): UploadsAtOnce {
  const running = new Map<string, number>();
  return {
    during: async (principal, work) => {
      const others = running.get(principal) ?? 0;
      if (others >= limits.uploadsAtOnceMax) {
        throw new OciError(
          'TOOMANYREQUESTS',
          `this user has ${others} uploads under way; try again when some of them have ended`,
          undefined,
          { headers: { 'retry-after': '1' } },
        );
      }
      running.set(principal, others + 1);
      try {
        return await work();
      } finally {
        const left = running.get(principal)! - 1;
        if (left > 0) running.set(principal, left);
        else running.delete(principal);
      }
    },
  };
}
