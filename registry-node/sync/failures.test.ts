// What each failure means to the engine and says to people, as a table.
import { assert, describe } from '../../fixtures/describe.ts';
import { OciError } from '../oci/errors.ts';
import { RemoteError } from '../remote/errors.ts';
import { judge, reconnectMaxMs, refusedRetryMaxMs } from './failures.ts';

const withCode = (code: string): Error => Object.assign(new Error(`${code}: it failed`), { code });

describe('a failure', ({ test }) => {
  for (const [what, error, code, refused, retryMaxMs, says] of [
    [
      'no answer',
      new RemoteError('unreachable', 'x', { code: 'ECONNREFUSED' }),
      'ECONNREFUSED',
      false,
      reconnectMaxMs,
      /keeps trying/,
    ],
    [
      'a server error',
      new RemoteError('failed', 'x', { status: 500 }),
      'FAILED',
      false,
      reconnectMaxMs,
      /keeps trying/,
    ],
    [
      'a wrong password',
      new RemoteError('unauthorized', 'x', { code: 'UNAUTHORIZED' }),
      'UNAUTHORIZED',
      true,
      refusedRetryMaxMs,
      /get-settings .* --generate-password 1/,
    ],
    [
      'a taken name',
      new RemoteError('conflict', 'x', { code: 'ALREADY_ACTIVATED' }),
      'ALREADY_ACTIVATED',
      true,
      refusedRetryMaxMs,
      /deactivate -r <registry> -n site1/,
    ],
    [
      'a lost name',
      new RemoteError('denied', 'x', { code: 'DENIED' }),
      'DENIED',
      true,
      refusedRetryMaxMs,
      /show -r <registry> -n site1/,
    ],
    [
      'an unknown name',
      new RemoteError('not-found', 'x', { code: 'NAME_UNKNOWN' }),
      'NAME_UNKNOWN',
      true,
      refusedRetryMaxMs,
      /connected-registry list/,
    ],
    [
      'an address that is no parent',
      new RemoteError('not-found', 'x'),
      'NOT_FOUND',
      true,
      refusedRetryMaxMs,
      /ParentGatewayEndpoint/,
    ],
    [
      'a damaged image',
      new RemoteError('malformed', 'x'),
      'MALFORMED',
      false,
      refusedRetryMaxMs,
      /keeps trying/,
    ],
    [
      'a full disk under content',
      new OciError('INSUFFICIENT_STORAGE'),
      'DiskError',
      false,
      15_000,
      /No space left on device/,
    ],
    [
      'a full disk under the state',
      withCode('ENOSPC'),
      'DiskError',
      false,
      15_000,
      /No space left on device/,
    ],
    ['a disk that refuses', withCode('EACCES'), 'DiskError', false, 15_000, /Access .* denied/],
    [
      'a folder that refuses',
      Object.assign(withCode('EACCES'), { path: '/data/content' }),
      'DiskError',
      false,
      15_000,
      /^Access to the path '\/data\/content' is denied\. Give/,
    ],
    ['a read-only disk', withCode('EROFS'), 'DiskError', false, 15_000, /is read-only .*Pulls are served/],
    [
      'a database that cannot be written',
      Object.assign(new Error('disk I/O error'), { code: 'ERR_SQLITE_ERROR', errcode: 778 }),
      'DiskError',
      false,
      15_000,
      /disk fails: disk I\/O error/,
    ],
    ['a disk that fails', withCode('EIO'), 'DiskError', false, 15_000, /disk fails/],
    ['a defect', new TypeError('x is undefined'), 'SyncError', false, refusedRetryMaxMs, /x is undefined/],
  ] as const) {
    test(`that is ${what} is told as ${code}`, () => {
      const failure = judge(error, 'site1');
      assert.deepEqual(
        [failure.trouble.code, failure.refused, failure.retryMaxMs],
        [code, refused, retryMaxMs],
      );
      assert.match(failure.trouble.description, says);
    });
  }

  test('with a time to come back waits at least until then', () => {
    assert.equal(
      judge(new RemoteError('busy', 'x', { retryAfterMs: 30_000 }), 'site1').retryAtLeastMs,
      30_000,
    );
  });
});
