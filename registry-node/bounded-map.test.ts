// What stays, what goes, and in which order.
import { assert, describe } from '../fixtures/describe.ts';
import { BoundedMap } from './bounded-map.ts';

describe('BoundedMap', ({ test }) => {
  test('forgets what was not asked for longest', () => {
    const evicted: string[] = [];
    const map = new BoundedMap<number>({ weightMax: 2, onEvict: (_value, key) => evicted.push(key) });
    map.set('a', 1);
    map.set('b', 2);
    assert.equal(map.get('a'), 1);
    map.set('c', 3);
    assert.deepEqual(evicted, ['b']);
    assert.deepEqual(map.keys(), ['a', 'c']);
  });

  test('is bounded by weight, and keeps nothing that is too heavy for it', () => {
    const map = new BoundedMap<string>({ weightMax: 10, weigh: (value) => value.length });
    map.set('a', '12345');
    map.set('b', '12345');
    map.set('a', '1234');
    assert.equal(map.size, 2);
    map.set('c', '12345678901');
    assert.equal(map.size, 0);
  });

  test('gives a value away once', () => {
    const map = new BoundedMap<number>({ weightMax: 1 });
    map.set('a', 1);
    assert.equal(map.take('a'), 1);
    assert.equal(map.take('a'), undefined);
    map.set('b', 2);
    assert.equal(map.get('b'), 2);
  });
});
