// Names with slashes become one segment, whatever their components are called.
import { assert, describe } from '../../fixtures/describe.ts';
import { encodeRepositoryName } from './repository-path.ts';

const rows: [asked: string, routed: string][] = [
  ['/v2/', '/v2/'],
  ['/v2/_catalog?n=1', '/v2/_catalog?n=1'],
  ['/v2/app/tags/list', '/v2/app/tags/list'],
  ['/v2/team/app/tags/list?n=1&last=a/b', '/v2/team%2Fapp/tags/list?n=1&last=a/b'],
  ['/v2/team%2Fapp/manifests/latest', '/v2/team%2Fapp/manifests/latest'],
  ['/v2/a/b/c/manifests/sha256%3Aab', '/v2/a%2Fb%2Fc/manifests/sha256%3Aab'],
  ['/v2/a/blobs/sha256:ab', '/v2/a/blobs/sha256:ab'],
  ['/v2/a/b/blobs/uploads', '/v2/a%2Fb/blobs/uploads'],
  ['/v2/a/b/blobs/uploads/', '/v2/a%2Fb/blobs/uploads/'],
  ['/v2/a/b/blobs/uploads/0-1?digest=x', '/v2/a%2Fb/blobs/uploads/0-1?digest=x'],
  ['/v2/blobs/blobs/uploads/', '/v2/blobs/blobs/uploads/'],
  ['/v2/a/manifests/manifests/latest', '/v2/a%2Fmanifests/manifests/latest'],
  ['/v2/a/blobs/uploads/tags/list', '/v2/a%2Fblobs%2Fuploads/tags/list'],
  ['/v2/a/tags/list/referrers/sha256:ab', '/v2/a%2Ftags%2Flist/referrers/sha256:ab'],
  ['/v2/a%zz/tags/list', '/v2/a%25zz/tags/list'],
  ['/v2/a/../b/tags/list', '/v2/a%2F..%2Fb/tags/list'],
  ['/acr/v1/_catalog', '/acr/v1/_catalog'],
  ['/acr/v1/team/app', '/acr/v1/team%2Fapp'],
  ['/acr/v1/team/app/_tags/v1', '/acr/v1/team%2Fapp/_tags/v1'],
  ['/acr/v1/team%2Fapp/_manifests/sha256%3Aab', '/acr/v1/team%2Fapp/_manifests/sha256%3Aab'],
  ['/acr/oauth2/token?scope=repository:a/b:pull', '/acr/oauth2/token?scope=repository:a/b:pull'],
];

describe('encodeRepositoryName', ({ test }) => {
  for (const [asked, routed] of rows) {
    test(`routes ${asked} as ${routed}`, () => assert.equal(encodeRepositoryName(asked), routed));
  }
  test('is quick on a long path that fits nothing', () => {
    const started = performance.now();
    encodeRepositoryName(`/v2/${'blobs/uploads/a/'.repeat(1000)}!/`);
    assert.ok(performance.now() - started < 200);
  });
});
