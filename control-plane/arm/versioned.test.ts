// Which api-versions know a property, and what is left of a body without it.
import { assert, describe } from '../../fixtures/describe.ts';
import { pathsUnknownTo, valueAt, type VersionedProperties, without } from './versioned.ts';

describe('properties that came with a later api-version', ({ test }) => {
  const properties: VersionedProperties = {
    both: { preview: '2024-11-01', stable: '2025-04-01' },
    previews: { preview: '2023-11-01' },
    gone: {
      preview: '2017-06-01',
      stable: '2017-06-01',
      absent: { preview: ['2022-01-01', '2026-02-28'], stable: ['2021-09-01', '9999-12-31'] },
    },
  };
  const rows: [string, string[]][] = [
    ['2017-10-01', ['both', 'previews']],
    ['2020-11-01-preview', ['both', 'previews']],
    ['2021-12-01-preview', ['both', 'previews']],
    ['2022-02-01-preview', ['both', 'previews', 'gone']],
    ['2023-11-01-preview', ['both', 'gone']],
    ['2024-11-01-preview', ['gone']],
    ['2024-12-01', ['both', 'previews', 'gone']],
    ['2025-11-01', ['previews', 'gone']],
    ['2026-03-01-preview', []],
  ];
  for (const [version, unknown] of rows) {
    test(`are unknown to ${version}: ${unknown.join(', ') || 'none'}`, () => {
      assert.deepEqual(pathsUnknownTo(version, properties), unknown);
    });
  }

  test('are left out at any depth, the others keep their places', () => {
    const body = { a: 1, b: { c: 2, d: { e: 3 } }, f: [4] };
    const rest = without(body, ['b.c', 'b.d.e', 'b.x.y', 'f.0', 'constructor']);
    assert.equal(JSON.stringify(rest), '{"a":1,"b":{"d":{}},"f":[4]}');
    assert.equal(valueAt(body, 'b.d.e'), 3);
    assert.equal(valueAt(body, 'b.constructor'), undefined);
  });
});
