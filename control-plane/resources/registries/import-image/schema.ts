// The body of importImage (Azure REST API, Registries - Import Image).
import { z } from 'zod';
import { enumeration } from '../../../arm/enumeration.ts';

const targetsMax = 100;
const targets = z.array(z.string()).max(targetsMax).nullish();

export const importImageSchema = z.strictObject({
  source: z.strictObject({
    resourceId: z.string().nullish(),
    registryUri: z.string().nullish(),
    credentials: z.strictObject({ username: z.string().nullish(), password: z.string() }).nullish(),
    sourceImage: z.string(),
  }),
  targetTags: targets,
  untaggedTargetRepositories: targets,
  mode: enumeration(['NoForce', 'Force']).nullish(),
});
export type ImportImageInput = z.infer<typeof importImageSchema>;
