// Scope-map actions: what rules become, in which order, and what is refused.
import { assert, describe } from '../../fixtures/describe.ts';
import { actionsOf, changed, gatewayFor, pythonList, refuseOverlap, repositoriesForMode } from './actions.ts';

describe('rules become actions', ({ test }) => {
  test('in the order given, in lower case, each once', () => {
    assert.deepEqual(
      actionsOf({
        repository: [
          ['Team/App', 'CONTENT/read', 'content/read'],
          ['b', 'content/write'],
        ],
        gateway: [['Site1', 'config/read']],
      }),
      ['repositories/team/app/content/read', 'repositories/b/content/write', 'gateway/site1/config/read'],
    );
  });
  test('a rule without an action is refused', () => {
    assert.throws(
      () => actionsOf({ repository: [['repo']], gateway: undefined }),
      /At least one action must be specified with "repo"\./,
    );
  });
  test('an unknown action is refused with those there are', () => {
    assert.throws(() => actionsOf({ repository: undefined, gateway: [['g', 'x']] }), {
      message: `Invalid action "x" provided. \nValid actions are {'config/read', 'config/write', 'message/read', 'message/write'}.`,
    });
  });
  test('a connected registry gets what its mode needs', () => {
    const suffixes = (actions: string[]): string[] =>
      actions.map((action) => action.replace('repositories/r/', ''));
    assert.deepEqual(suffixes(repositoriesForMode(['r'], 'ReadOnly')), ['content/read', 'metadata/read']);
    assert.deepEqual(suffixes(repositoriesForMode(['R'], 'ReadWrite')), [
      'content/read',
      'content/write',
      'content/delete',
      'metadata/read',
      'metadata/write',
    ]);
    assert.deepEqual(repositoriesForMode(['*'], 'ReadOnly')[0], 'repositories/*/content/read');
    assert.equal(gatewayFor('Factory1')[3], 'gateway/factory1/message/write');
  });
});

describe('a change of a set', ({ test }) => {
  const rows: [string, string[], string[], string[], string[] | undefined][] = [
    ['adds behind what is there', ['a'], ['b'], [], ['a', 'b']],
    ['removes', ['a', 'b'], [], ['a'], ['b']],
    ['is none when everything is as wanted', ['a'], ['a'], ['c'], undefined],
  ];
  for (const [name, current, add, remove, expected] of rows) {
    test(name, () => assert.deepEqual(changed(current, add, remove), expected));
  }
  test('is refused when it contradicts itself, as az words it', () => {
    assert.throws(() => refuseOverlap('actions', '--add and --remove', ['b', 'a'], ['a']), {
      message: "Update ambiguity. Duplicate actions were provided with --add and --remove arguments.\n['a']",
    });
    assert.equal(pythonList(['b', 'a']), "['a', 'b']");
  });
});
