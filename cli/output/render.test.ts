// Every output format on the same results, byte for byte.
import { assert, describe } from '../../fixtures/describe.ts';
import { compileQuery } from './query.ts';
import { render, type Screen } from './render.ts';
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
  screen: Screen = { terminal: false, columns: undefined, colour: false },
) {
  return render(result, {
    format,
    query: query === undefined ? undefined : await compileQuery(query),
    view,
    screen,
  });
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
  test('tsv of an empty list is nothing, not a line', async () => {
    assert.equal(await show('tsv', []), undefined);
  });

  test('tsv of a bare value is the value', async () => {
    assert.equal(await show('tsv', items, '[0].name'), 'two');
    assert.equal(await show('tsv', items, '[0].b'), 'true');
    assert.equal(await show('tsv', items, '[].[b,name]'), 'True\ttwo');
  });
  test('yaml is in block style with sorted keys, and quotes what would be read as something else', async () => {
    assert.equal(
      await show('yaml', { b: [1], a: null, c: '2024-01-19', d: 'on', e: '12', f: 'a: b' }),
      "a: null\nb:\n- 1\nc: '2024-01-19'\nd: 'on'\ne: '12'\nf: 'a: b'",
    );
  });
  test('none prints nothing', async () => assert.equal(await show('none', items), undefined));
  test('a query that cannot be read is refused before anything is done', async () => {
    await assert.rejects(compileQuery('foo['), {
      kind: 'parser',
      message: /^argument --query: invalid jmespath_type value: 'foo\['/,
    });
    for (const query of ['lenght(@)', 'a.b[?starts_wiht(c, `x`)].[d, e]', 'sort_by(@, &to_nmuber(a))']) {
      await assert.rejects(compileQuery(query), {
        kind: 'parser',
        message: /\(Unknown function: \w+\(\)\)$/,
      });
    }
  });
});

describe('on a terminal', ({ test }) => {
  const screen = (columns: number, colour = false): Screen => ({ terminal: true, columns, colour });
  const rows = [{ name: 'reader', id: 'i', scope: 'a-scope-map-of-a-long-name', state: 'Enabled' }];
  const wide: View = {
    columns: { NAME: column('name'), 'SCOPE MAP': column('scope'), STATE: column('state') },
  };
  const table = (columns: number): Promise<string | undefined> =>
    show('table', rows, undefined, wide, screen(columns));

  test('a table that fits is as in a pipe', async () => {
    assert.equal(await table(80), await show('table', rows, undefined, wide));
  });
  test('the widest cells are cut to what fits, and end with an ellipsis', async () => {
    assert.equal(
      await table(30),
      [
        'NAME    SCOPE MAP      STATE',
        '------  -------------  -------',
        'reader  a-scope-map-…  Enabled',
      ].join('\n'),
    );
  });
  test('what does not fit with the narrowest columns ends with one ellipsis, also behind a cell that was cut', async () => {
    for (let columns = 8; columns < 30; columns++) assert.doesNotMatch((await table(columns))!, /……/);
    assert.equal((await table(15))!.split('\n')[2], 'reader  a-sco …');
  });
  test('the name of what a row is about is cut last', async () => {
    const named = [
      { name: 'a-name-of-18-chars', id: 'i', scope: 'a-scope-map-of-a-long-name', state: 'Enabled' },
    ];
    const lines = (await show('table', named, undefined, wide, screen(60)))!.split('\n');
    assert.match(lines[2]!, /^a-name-of-18-chars {2}/);
    const narrow = (await show('table', named, undefined, wide, screen(30)))!.split('\n');
    assert.deepEqual(narrow[2], 'a-name-of…  a-scope-…  Enabled');
  });
  test('what is to be read or copied whole is not cut', async () => {
    const view: View = {
      ...wide,
      columns: { NAME: column('name'), DETAIL: column('scope') },
      keepsLast: true,
    };
    assert.deepEqual((await show('table', rows, undefined, view, screen(20)))!.split('\n'), [
      'NAME    DETAIL',
      '------  ------------',
      'reader  a-scope-map-of-a-long-name',
    ]);
  });
  test('lines are cut when even narrow columns do not fit', async () => {
    const lines = (await table(12))!.split('\n');
    assert.deepEqual(lines, ['NAME    SCO…', '------  ---…', 'reader  a-s…']);
  });
  test('what is not ASCII counts as what is shown', async () => {
    const result = await show(
      'table',
      [{ a: 'éé' }, { a: '🙂🙂🙂🙂🙂🙂🙂🙂' }],
      undefined,
      undefined,
      screen(6),
    );
    assert.equal(result, 'A\n------\néé\n🙂🙂🙂🙂🙂…');
  });
  test('tsv and JSON are never cut', async () => {
    for (const format of ['tsv', 'json'] as const)
      assert.match((await show(format, rows, undefined, wide, screen(10)))!, /a-scope-map-of-a-long-name/);
  });

  const [blue, yellow, cyan, end] = ['\u001b[34m', '\u001b[33m', '\u001b[36m', '\u001b[39m'];
  const colours: [string, Parameters<typeof render>[1]['format'], Screen, string][] = [
    [
      'json',
      'json',
      screen(80, true),
      `{\n  ${blue}"a"${end}: ${cyan}1${end},\n  ${blue}"b"${end}: ${yellow}"x"${end}\n}`,
    ],
    ['yaml', 'yaml', screen(80, true), `${blue}a:${end} 1\n${blue}b:${end} x`],
    ['json without colours', 'jsonc', screen(80), '{\n  "a": 1,\n  "b": "x"\n}'],
    [
      'json into a pipe with FORCE_COLOR',
      'json',
      { terminal: false, columns: undefined, colour: true },
      '{\n  "a": 1,\n  "b": "x"\n}',
    ],
    [
      'yamlc into a pipe with FORCE_COLOR',
      'yamlc',
      { terminal: false, columns: undefined, colour: true },
      `${blue}a:${end} 1\n${blue}b:${end} x`,
    ],
  ];
  for (const [name, format, where, expected] of colours) {
    test(`colours of ${name}`, async () =>
      assert.equal(await show(format, { b: 'x', a: 1 }, undefined, undefined, where), expected));
  }
});
