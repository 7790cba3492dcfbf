// What the two garbage collection commands share: a node's and the control plane's.
import { flag } from '../parse/option.ts';

export const dryRun = flag('--dry-run', 'Only show what would go: what it is is in `would` of the JSON.');

export const gcDescription =
  'Nothing that a manifest needs is touched, nor any manifest or tag. A blob is kept for an hour after its last manifest ' +
  'went, and whatever was begun and not finished (uploads, blobs without a manifest yet) for 14 days.';
