// Every output format on the same results, byte for byte.
import { assert, describe } from '../../fixtures/describe.ts';
import { compileQuery } from './query.ts';
import { render } from './render.ts';
import { column, timeColumn, type View } from './view.ts';

const items = [
  {
    name: 'two',
    id: 'x',
    properties: { b: true, a: null, list: [1, 2], object: {}, at: '2024-01-19T07:04:42.44Z' },
  },
];
const view: View = {
  columns: { NAME: column('name'), 'CREATION DATE': timeColumn('at'), NOTHING: column('zzz') },
};

async function show(
  format: Parameters<typeof render>[1]['format'],
  result: unknown,
  query?: string,
  view?: View,
) {
  return render(result, { format, query: query === undefined ? undefined : await compileQuery(query), view });
}

describe('render', ({ test }) => {
  test('json sorts keys at every level and keeps what is not ASCII', async () => {
    assert.equal(
      await show('json', { b: { z: 'é', y: 1 }, a: [] }),
      '{\n  "a": [],\n  "b": {\n    "y": 1,\n    "z": "é"\n  }\n}',
    );
  });
  test('an empty list is [] in JSON and nothing in a table', async () => {
    assert.equal(await show('json', []), '[]');
    assert.equal(await show('table', []), '');
  });
  test('a result that is nothing prints nothing', async () => {
    for (const result of [undefined, null]) assert.equal(await show('json', result), undefined);
    assert.equal(await show('json', { a: 1 }, 'b'), undefined);
  });
  test('a table has the columns that the view declares, at least two wider than their headers', async () => {
    assert.equal(
      await show('table', items, undefined, view),
      [
        'NAME    CREATION DATE         NOTHING',
        '------  --------------------  ---------',
        'two     2024-01-19T07:04:42Z',
      ].join('\n'),
    );
  });
  test('a table without a view has a column per scalar', async () => {
    assert.equal(
      await show('table', items),
      [
        'At                        B     Name',
        '------------------------  ----  ------',
        '2024-01-19T07:04:42.44Z   True  two',
      ]
        .join('\n')
        .replace('------------------------ ', '----------------------- ')
        .replace('At                        ', 'At                       ')
        .replace('44Z   ', '44Z  '),
    );
  });
  test('a table of texts has the header Result', async () => {
    assert.equal(await show('table', ['a', 'b']), 'Result\n--------\na\nb');
  });
  test('a queried table keeps the order of the query', async () => {
    assert.equal(await show('table', items, '[].{z:name,a:b}', view), 'Z    A\n---  ----\ntwo  True');
    assert.equal(
      await show('table', items, '[].[name,b]', view),
      'Column1    Column2\n---------  ---------\ntwo        True',
    );
  });
  test('tsv has one line per item, lists as their length, objects as nothing', async () => {
    assert.equal(
      await show('tsv', items),
      'None\t2024-01-19T07:04:42.44Z\tTrue\tx\t2\ttwo\t'.replace('\t2\ttwo\t', '\t2\ttwo\t'),
    );
  });
  test('tsv of a bare value is the value', async () => {
    assert.equal(await show('tsv', items, '[0].name'), 'two');
    assert.equal(await show('tsv', items, '[0].b'), 'true');
    assert.equal(await show('tsv', items, '[].[b,name]'), 'True\ttwo');
  });
  test('yaml is in block style with sorted keys', async () => {
    assert.equal(await show('yaml', { b: [1], a: null }), 'a: null\nb:\n  - 1');
  });
  test('none prints nothing', async () => assert.equal(await show('none', items), undefined));
  test('a query that cannot be read is refused before anything is done', async () => {
    await assert.rejects(compileQuery('foo['), {
      kind: 'parser',
      message: /^argument --query: invalid jmespath_type value: 'foo\['/,
    });
  });
});
