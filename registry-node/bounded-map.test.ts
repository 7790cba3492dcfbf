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

  const byLength = { weightMax: 10, weigh: (value: string): number => value.length };

  test('is bounded by weight', () => {
    const map = new BoundedMap<string>(byLength);
    map.set('a', '12345');
    map.set('b', '12345');
    map.set('a', '1234');
    assert.deepEqual(map.keys(), ['b', 'a']);
    map.set('c', '12');
    assert.deepEqual(map.keys(), ['a', 'c']);
  });

  test('refuses what is too heavy for it, and forgets nothing else for that', () => {
    const evicted: string[] = [];
    const map = new BoundedMap<string>({ ...byLength, onEvict: (value) => evicted.push(value) });
    map.set('a', '12345');
    map.set('b', '1234');
    map.set('c', '12345678901');
    assert.deepEqual(map.keys(), ['a', 'b']);
    map.set('b', '12345678901');
    assert.deepEqual(map.keys(), ['a'], 'the value before it is not the right one any more');
    assert.deepEqual(evicted, ['12345678901', '12345678901']);
    map.set('d', '12345');
    assert.deepEqual(map.keys(), ['a', 'd']);
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
