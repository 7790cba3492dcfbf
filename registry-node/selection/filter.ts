// What of the repositories that its scope map grants a connected registry wants: rules, of which the first that names a
// repository decides for it. A repository that no rule names comes whole, as in Azure.
//
// A repository with a rule is synchronised by its tags: the selected ones, what they point at, of an index the wanted
// platforms, and what refers to any of these (signatures, SBOMs). Nothing else of it comes, also no untagged manifest. An
// index stays as it is, byte for byte, so that its digest holds; platforms that are not wanted are just not there.
import { z } from 'zod';
import type { Descriptor } from '../oci/manifest.ts';
import type { RepositoryName } from '../oci/name.ts';
import type { Tag } from '../oci/reference.ts';
import { matchesGlob } from './glob.ts';

const rulesMax = 100;
const patternsMax = 100;
/** All of a repository's tags that are selected travel together whenever one moves. */
const newestMax = 1000;

const repositoryPattern = z
  .string()
  .max(256)
  .regex(/^[a-z0-9*?][a-z0-9._/*?-]*$/, "expected a repository or a pattern of it, like 'app' or 'app/*'");
const tagPattern = z
  .string()
  .max(128)
  .regex(/^[A-Za-z0-9_*?][A-Za-z0-9._*?-]*$/, "expected a tag or a pattern of it, like 'v*' or '*-rc?'");
const platform = z
  .string()
  .max(128)
  .regex(
    /^[a-z0-9]+\/[a-z0-9_]+(\/[a-z0-9._]+)?$/,
    "expected os/architecture or os/architecture/variant, like 'linux/amd64' or 'linux/arm/v7'",
  );

const tagMembers = {
  /** Absent: every tag. */
  include: z.array(tagPattern).min(1).max(patternsMax).optional(),
  exclude: z.array(tagPattern).min(1).max(patternsMax).optional(),
  /** Of those, so many that were last moved last. */
  newest: z.int().min(1).max(newestMax).optional(),
};
const ruleMembers = {
  repository: repositoryPattern,
  /** Of an index only these; an image that is no index comes whatever it runs on. */
  platforms: z.array(platform).min(1).max(patternsMax).optional(),
};

/** As people write it: what is not known is a mistake. */
export const writtenFilterSchema = z
  .array(
    z
      .strictObject({ ...ruleMembers, tags: z.strictObject(tagMembers).optional() })
      .refine(({ tags, platforms }) => platforms || Object.keys(tags ?? {}).length > 0, {
        error: 'a rule needs tags, platforms or both; leave it out to have the repository whole',
      }),
  )
  .max(rulesMax);

/** As it travels: a parent may be newer. */
export const syncFilterSchema = z.array(z.object({ ...ruleMembers, tags: z.object(tagMembers).optional() }));
export type SyncFilter = z.infer<typeof syncFilterSchema>;
export type FilterRule = SyncFilter[number];

/** Undefined: the repository comes whole. */
export function ruleFor(filter: SyncFilter | undefined, repository: RepositoryName): FilterRule | undefined {
  return filter?.find((rule) => matchesGlob(rule.repository, repository));
}

/** By its name alone; whether it is among the newest is another matter. */
export function wantsTag({ tags }: FilterRule, tag: Tag): boolean {
  const { include = ['*'], exclude = [] } = tags ?? {};
  const matches = (pattern: string): boolean => matchesGlob(pattern, tag);
  return include.some(matches) && !exclude.some(matches);
}

/** Of what an index lists, in its order. What has no platform is for all of them. */
export function wantedOf({ platforms }: FilterRule, listed: Descriptor[]): Descriptor[] {
  if (!platforms) return listed;
  const wanted = new Set<string>(
    listed
      .filter((entry) => !isAttestation(entry) && platforms.some((each) => runsOn(entry, each)))
      .map(({ digest }) => digest),
  );
  return listed.filter((entry) => {
    const subject = attestedBy(entry);
    return wanted.has(subject ?? entry.digest) || (isAttestation(entry) && subject === undefined);
  });
}

/** Undefined: all that an index lists is wanted. */
export function wantedChildren(
  filter: SyncFilter | undefined,
  repository: RepositoryName,
): ((listed: Descriptor[]) => Descriptor[]) | undefined {
  const rule = ruleFor(filter, repository);
  return rule?.platforms && ((listed) => wantedOf(rule, listed));
}

/** BuildKit lists the attestations of an image beside it, for a platform that there is not. */
function isAttestation({ platform: on }: Descriptor): boolean {
  return on?.os === 'unknown' && on.architecture === 'unknown';
}

function attestedBy(entry: Descriptor): string | undefined {
  return isAttestation(entry) ? entry.annotations?.['vnd.docker.reference.digest'] : undefined;
}

/** Without a variant every one is meant; arm64 has one only, which is often not named. */
function runsOn({ platform: on }: Descriptor, wanted: string): boolean {
  if (!on) return true;
  const [os, architecture, variant] = wanted.split('/');
  if (on.os !== os || on.architecture !== architecture) return false;
  const own = on['variant'] ?? (architecture === 'arm64' ? 'v8' : undefined);
  return variant === undefined || variant === own;
}
