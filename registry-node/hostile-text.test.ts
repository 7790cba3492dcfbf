// Every grammar that a stranger's words go through, with some fifty thousand of them: each is read, or refused as the client's
// mistake, and nothing that was read can mean something else further in.
import { isAbsolute, relative } from 'node:path';
import * as fc from 'fast-check';
import { assert, describe } from '../fixtures/describe.ts';
import { forAll } from '../fixtures/fuzz/cases.ts';
import { hostileHeader, hostileManifest, hostileMediaType, hostileText } from '../fixtures/fuzz/hostile.ts';
import { parseRange } from './api/byte-range.ts';
import { parseAuthorization } from './auth/credentials.ts';
import { blobLayout } from './blobs/layout.ts';
import { ConnectionStringError, parseConnectionString } from './connection-string.ts';
import { encodeRepositoryName } from './http/repository-path.ts';
import { parseDigest } from './oci/digest.ts';
import { OciError } from './oci/errors.ts';
import { parseManifest } from './oci/manifest.ts';
import { parseRepositoryName } from './oci/name.ts';
import { parseImageReference, parseReference } from './oci/reference.ts';
import { compileGrants, formatScope, parseScope, parseScopeMapAction } from './oci/scope.ts';
import { mayCarryPassword, parseChallenges } from './remote/challenge.ts';
import { nextPage } from './remote/next-page.ts';

const many = 4000;
const folder = '/data/blobs';
const layout = blobLayout(folder);

function refusedProperly(error: unknown): undefined {
  assert.ok(error instanceof OciError && error.status < 500, `refused with ${String(error)}`);
  return undefined;
}

/** What `parse` makes of the text; undefined when it refuses it as it should. */
function read<T>(parse: () => T): T | undefined {
  try {
    return parse();
  } catch (error) {
    return refusedProperly(error);
  }
}

function isBelow(path: string): boolean {
  const inside = relative(folder, path);
  return inside !== '' && !inside.startsWith('..') && !isAbsolute(inside);
}

describe(
  'whatever a stranger writes',
  ({ test }) => {
    test('as a name or a reference is refused, or harmless in a path, a header and a query', () => {
      forAll(hostileText, many, (text) => {
        const found = [
          read(() => parseRepositoryName(text)),
          read(() => parseReference(text))?.tag,
          read(() => parseImageReference(text))?.repository,
        ];
        for (const each of found) assert.ok(each === undefined || /^[\w][\w./-]*$/.test(each));
        for (const each of found) assert.ok(each === undefined || !each.split('/').includes('..'));
      });
    });

    test('as a digest is refused, or names a file below the folder of blobs', () => {
      const nearly = fc
        .tuple(fc.constantFrom('sha256:', 'sha512:', ''), hostileText)
        .map((each) => each.join(''));
      forAll(fc.oneof(nearly, hostileText), many, (text) => {
        const digest = read(() => parseDigest(text));
        if (digest !== undefined) assert.ok(isBelow(layout.blob(digest).file));
      });
    });

    test('as the id of an upload names a file below the folder, or none', () => {
      forAll(hostileText, many, (text) => {
        let path: string;
        try {
          path = layout.unfinished(text);
        } catch (error) {
          assert.match(String(error), /cannot name/);
          return;
        }
        assert.ok(isBelow(path));
      });
    });

    test('as a range asks for bytes that are there, or for none', () => {
      const header = fc.oneof(
        hostileHeader,
        fc.tuple(fc.nat(), fc.nat()).map(([a, b]) => `bytes=${a}-${b}`),
      );
      forAll(fc.tuple(header, fc.nat()), many, ([text, size]) => {
        const range = parseRange(text, size);
        if (range === undefined || range === 'unsatisfiable') return;
        assert.ok(range.start >= 0 && range.start <= range.end && range.end < size);
      });
    });

    test('as a scope is not one, or is written back as it was read', () => {
      forAll(hostileText, many, (text) => {
        const access = parseScope(text);
        if (access) assert.deepEqual(parseScope(formatScope(access)), { ...access });
      });
    });

    test('as a rule of a scope map grants nothing, or one action on names', () => {
      const rule = hostileText.map((text) => `repositories/${text}/content/read`);
      forAll(fc.oneof(rule, hostileText), many, (text) => {
        const parsed = parseScopeMapAction(text);
        const grants = compileGrants([text]);
        assert.equal(grants.repository('app', 'content/delete') && parsed === undefined, false);
        if (!parsed) assert.equal(grants.repository('app', 'content/read'), false);
      });
    });

    test('as credentials is one of the schemes', () => {
      const basic = hostileText.map((text) => `Basic ${Buffer.from(text).toString('base64')}`);
      forAll(fc.oneof(hostileHeader, basic), many, (text) => {
        assert.match(parseAuthorization(text).scheme, /^(none|bearer|basic|unknown)$/);
      });
    });

    test('as a path is routed with one segment for the name', () => {
      const path = hostileHeader.map((text) => `/v2/${text}/manifests/latest`);
      forAll(fc.oneof(path, hostileHeader), many, (url) => {
        const routed = encodeRepositoryName(url);
        if (routed !== url) assert.match(routed, /^\/(v2|acr\/v1)\/[^/]+(\/|\?|$)/);
      });
    });

    test('as a challenge of another registry sends a password nowhere', () => {
      const registry = new URL('https://registry.example.com');
      forAll(fc.array(hostileHeader, { maxLength: 3 }), many, (headers) => {
        const challenge = parseChallenges(headers);
        if (challenge?.scheme !== 'bearer' || !URL.canParse(challenge.realm)) return;
        const realm = new URL(challenge.realm);
        const near = realm.hostname === 'example.com' || realm.hostname.endsWith('.example.com');
        if (mayCarryPassword(registry, realm)) assert.ok(realm.protocol === 'https:' && near);
      });
    });

    test('as the Link of another registry leads nowhere else', () => {
      const url = new URL('https://registry.example.com/v2/_catalog');
      const target = fc.tuple(fc.constantFrom('', '//', 'http://x//', '/v2/'), hostileHeader);
      const link = target.map(([start, text]) => `<${start}${text}>; rel="next"`);
      forAll(fc.oneof(link, hostileHeader), many, (header) => {
        const next = nextPage(header, url);
        if (next) assert.equal(next.origin, url.origin);
      });
    });

    test('as a connection string is refused with what to do', () => {
      const keys = ['ConnectedRegistryName', 'SyncTokenName', 'SyncTokenPassword', 'ParentGatewayEndpoint'];
      const pair = fc.tuple(fc.constantFrom(...keys), hostileText).map(([key, text]) => `${key}=${text}`);
      forAll(fc.array(fc.oneof(pair, hostileText), { maxLength: 6 }), many, (pairs) => {
        try {
          parseConnectionString(pairs.join(';'));
        } catch (error) {
          assert.ok(error instanceof ConnectionStringError, String(error));
        }
      });
    });

    test('as a manifest is refused, or needs only what a digest names', () => {
      forAll(
        fc.tuple(hostileManifest, fc.option(hostileMediaType, { nil: undefined })),
        2 * many,
        ([bytes, type]) => {
          const manifest = read(() => parseManifest(bytes, type));
          for (const { digest, size } of [...(manifest?.blobs ?? []), ...(manifest?.manifests ?? [])]) {
            assert.ok(isBelow(layout.blob(digest).file));
            assert.ok(Number.isSafeInteger(size) && size >= 0);
          }
        },
      );
    });
  },
  { timeoutMs: 60_000 },
);
