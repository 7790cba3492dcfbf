// What a rule selects of a repository that changes while it is read.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { assert, describe } from '../../fixtures/describe.ts';
import { systemClock } from '../clock.ts';
import type { Content } from '../content/content.ts';
import { openContent } from '../content/open.ts';
import { mediaTypes } from '../oci/media-type.ts';
import { parseRepositoryName } from '../oci/name.ts';
import { parseTag } from '../oci/reference.ts';
import { select } from './select.ts';

const app = parseRepositoryName('app');
const client = { origin: 'client' } as const;
const tags = Array.from({ length: 1500 }, (_, position) => parseTag(`v${1000 + position}`));

describe('a selection', ({ test, before, after }) => {
  let folder: string;
  let content: Content;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'acrc-select-'));
    content = await openContent({ folder, clock: systemClock });
    const bytes = Buffer.from(JSON.stringify({ schemaVersion: 2, manifests: [] }));
    await content.putManifest({ repository: app, bytes, mediaType: mediaTypes.ociIndex, tags }, client);
  });
  after(async () => {
    await content.close();
    await rm(folder, { recursive: true, force: true });
  });

  test('by time goes on behind a tag that goes while the list is read', async () => {
    const { metadata } = content;
    const going: Content = {
      ...content,
      metadata: {
        ...metadata,
        tags: async (repository, page) => {
          const found = await metadata.tags(repository, page);
          if (page.last === undefined) await content.untag(app, found.at(-1)!.name, client);
          return found;
        },
      },
    };
    const rule = { repository: 'app', tags: { newest: 1400 } };
    assert.equal((await select(going, app, [rule])).tags.size, 1400);
  });
});
