// What is said of a file that is wrong: every problem, with its line.
import { assert, describe } from '../../fixtures/describe.ts';
import { readEstate } from './read.ts';

const registry = (...lines: string[]): string =>
  [
    'registries:',
    '  - name: myregistry',
    '    group: acr-rg',
    '    sku: Premium',
    ...lines.map((line) => `    ${line}`),
  ].join('\n');

describe('a file that is no estate', ({ test }) => {
  const rows: [string, string, RegExp[]][] = [
    ['YAML that does not parse', 'groups:\n  - name: "acr', [/^e\.yaml:2: Missing closing "quote$/]],
    ['a list where names belong', '- a', [/^e\.yaml:1: file: .*expected object, received array$/]],
    ['a name that means nothing', 'grops: []', [/^e\.yaml:1: grops: Unrecognized key: "grops"$/]],
    ['something that is missing', 'groups:\n  - name: acr-rg', [/^e\.yaml:2: groups\.0\.location: /]],
    [
      'a word that is none of a few',
      registry('tokens:', '  - name: a', '    scopeMap: m', '    status: off'),
      [/^e\.yaml:8: registries\.0\.tokens\.0\.status: .*"enabled"\|"disabled"/],
    ],
    [
      'an action that there is not',
      registry('scopeMaps:', '  - name: m', '    repositories:', '      app: [content/read, content/fly]'),
      [/^e\.yaml:8: registries\.0\.scopeMaps\.0\.repositories\.app\.1: /],
    ],
    [
      'a name that is declared twice, in whatever case',
      registry('scopeMaps:', '  - {name: m, repositories: {}}', '  - {name: M, repositories: {}}'),
      [/^e\.yaml:7: the scope map 'M' is declared twice$/],
    ],
    [
      'a token with the name of a sync token',
      registry(
        'tokens:',
        '  - {name: site1, scopeMap: m}',
        'connectedRegistries:',
        '  - {name: site1, repositories: [app]}',
      ),
      [/the token 'site1' is declared twice/],
    ],
    [
      'a circle',
      registry(
        'connectedRegistries:',
        '  - {name: site1, parent: site2, repositories: [app]}',
        '  - {name: site2, parent: site1, repositories: [app]}',
      ),
      [
        /^e\.yaml:6: the connected registry 'site1' is below itself$/m,
        /^e\.yaml:7: .*'site2' is below itself$/m,
      ],
    ],
    [
      'two problems, in the order of their lines',
      'groups:\n  - name: 7\n    location: x\n  - location: y',
      [/^e\.yaml:2: groups\.0\.name: .*\ne\.yaml:4: groups\.1\.name: /],
    ],
  ];
  for (const [name, text, messages] of rows) {
    test(name, () => {
      assert.throws(
        () => readEstate(text, 'e.yaml'),
        (error: Error) =>
          messages.every((message) => message.test(error.message)) || assert.fail(error.message),
      );
    });
  }

  test('a hundred problems are twenty lines', () => {
    const text = `groups:\n${'  - {}\n'.repeat(100)}`;
    assert.throws(() => readEstate(text, 'e.yaml'), /… and 180 more\.$/);
  });
});

describe('a file that is one', ({ test }) => {
  for (const text of ['', 'groups: []', '{"groups": [{"name": "a", "location": "b"}]}']) {
    test(JSON.stringify(text), () => assert.ok(readEstate(text, 'e.yaml')));
  }
});
