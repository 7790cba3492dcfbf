// Where unfinished uploads to the parent go on, kept over restarts.
import type { RepositoryName } from '../oci/name.ts';
import type { UploadMemory } from '../remote/push-blob.ts';
import type { SyncContext } from './context.ts';

/** The oldest are forgotten first; the parent forgets old ones too. */
const uploadsMax = 100;

export function uploadMemory({ state }: Pick<SyncContext, 'state'>): UploadMemory {
  const keyOf = (repository: RepositoryName, digest: string): string => `${repository}@${digest}`;
  return {
    get: (repository, digest) => state.value.uploads[keyOf(repository, digest)],
    async set(repository, digest, location) {
      const { [keyOf(repository, digest)]: _, ...others } = state.value.uploads;
      const newest = [...Object.entries(others), [keyOf(repository, digest), location]].slice(-uploadsMax);
      await state.update({ uploads: Object.fromEntries(newest) });
    },
    async forget(repository, digest) {
      const { [keyOf(repository, digest)]: known, ...others } = state.value.uploads;
      if (known !== undefined) await state.update({ uploads: others });
    },
  };
}
