// The order in which what the parent deleted goes here.
import { assert, describe } from '../../fixtures/describe.ts';
import { type Digest, digestOf } from '../oci/digest.ts';
import { parseRepositoryName } from '../oci/name.ts';
import { parseTag } from '../oci/reference.ts';
import type { RemovalStep } from './plan.ts';
import { indexesFirst } from './removal-order.ts';

const repository = parseRepositoryName('app');
const [part, index, outer] = ['part', 'index', 'an index of indexes'].map((text) => digestOf(text)) as [
  Digest,
  Digest,
  Digest,
];
const listing = new Map([
  [part, [index]],
  [index, [outer]],
]);
const content = { indexesListing: async (_: unknown, digest: Digest) => listing.get(digest) ?? [] };
const deletionOf = (digest: Digest): RemovalStep => ({ kind: 'delete', repository, digest });
const ordered = async (...steps: RemovalStep[]): Promise<RemovalStep[]> => indexesFirst(steps, content);

describe('what the parent deleted', ({ test }) => {
  test('goes with each index before what it lists, however deep', async () => {
    const [a, b, c] = [deletionOf(part), deletionOf(index), deletionOf(outer)];
    for (const given of [
      [a, b, c],
      [b, a, c],
      [c, b, a],
    ])
      assert.deepEqual(await ordered(...given), [c, b, a]);
  });
  test('keeps its order otherwise', async () => {
    const untag: RemovalStep = { kind: 'untag', repository, tag: parseTag('v1') };
    const steps = [deletionOf(part), untag, deletionOf(digestOf('alone'))];
    assert.deepEqual(await ordered(...steps), steps);
  });
  test('is not the same in another repository', async () => {
    const elsewhere: RemovalStep = {
      kind: 'delete',
      repository: parseRepositoryName('other'),
      digest: index,
    };
    const steps = [deletionOf(part), elsewhere];
    assert.deepEqual(await ordered(...steps), steps);
  });
});
