// az's generic update arguments: what a body becomes, and what is said against an edit. The words were taken from az 2.45.
import { assert, describe } from '../../fixtures/describe.ts';
import type { JsonObject } from '../json-object.ts';
import { applyEdits, type Edit, type Kind } from './apply.ts';

const rules = (): JsonObject => ({
  networkRuleSet: {
    ipRules: [
      { value: '10.0.0.1', action: 'Allow' },
      { value: '10.0.0.2', action: 'Allow' },
    ],
  },
});

interface Row {
  edits: string[];
  from?: JsonObject;
  forceString?: boolean;
}

/** `set a=1 b=2`: a word of what, then its words. */
function edit(line: string): Edit {
  const [kind, ...words] = line.split(' ');
  return { kind: kind as Kind, words };
}

function run({ edits, from = {}, forceString = false }: Row): { body: JsonObject; warnings: string[] } {
  const warnings: string[] = [];
  const body = applyEdits(from, edits.map(edit), {
    known: ['adminUserEnabled', 'actions', 'networkRuleSet', 'policies', 'sku', 'tags'],
    texts: ['tags'],
    forceString,
    warn: (text) => warnings.push(text),
  });
  return { body, warnings };
}

const made: [Row, JsonObject][] = [
  [{ edits: ['set adminUserEnabled=true'] }, { adminUserEnabled: true }],
  [{ edits: ['set adminUserEnabled=True'] }, { adminUserEnabled: true }],
  [{ edits: ['set sku.name=Standard'] }, { sku: { name: 'Standard' } }],
  [{ edits: ["set sku={'name':'Standard'}"] }, { sku: { name: 'Standard' } }],
  [{ edits: ['set sku={"name":"Standard"}'] }, { sku: { name: 'Standard' } }],
  [{ edits: ['set tags.line=2 tags.site=a=b'] }, { tags: { line: '2', site: 'a=b' } }],
  [{ edits: ['set sku.tier=2'], forceString: true }, { sku: { tier: '2' } }],
  [{ edits: ['set tags.a=1'], from: { tags: { b: '2' } } }, { tags: { a: '1', b: '2' } }],
  [{ edits: ['set policies.retentionPolicy.days=7'] }, { policies: { retentionPolicy: { days: 7 } } }],
  [
    { edits: ['set networkRuleSet.ipRules[1].action=Deny'], from: rules() },
    {
      networkRuleSet: {
        ipRules: [
          { value: '10.0.0.1', action: 'Allow' },
          { value: '10.0.0.2', action: 'Deny' },
        ],
      },
    },
  ],
  [
    { edits: ['set networkRuleSet.ipRules[value=10.0.0.1].action=Deny'], from: rules() },
    {
      networkRuleSet: {
        ipRules: [
          { value: '10.0.0.1', action: 'Deny' },
          { value: '10.0.0.2', action: 'Allow' },
        ],
      },
    },
  ],
  [{ edits: ['add actions push 3'] }, { actions: ['push', 3] }],
  [
    { edits: ['add networkRuleSet.ipRules value=10.0.0.1 action=Allow {} value=10.0.0.2'] },
    { networkRuleSet: { ipRules: [{ value: '10.0.0.1', action: 'Allow' }, {}, { value: '10.0.0.2' }] } },
  ],
  [{ edits: ['remove actions 0'], from: { actions: ['push', 'delete'] } }, { actions: ['delete'] }],
  [{ edits: ['remove actions'], from: { actions: ['push'] } }, { actions: [] }],
  [{ edits: ['remove tags.a'], from: { tags: { a: '1', b: '2' } } }, { tags: { b: '2' } }],
  [{ edits: ['remove tags'], from: { tags: { a: '1' } } }, {}],
  [{ edits: ['set tags=null'] }, {}],
  [{ edits: ['set tags.a=1', 'remove tags.a', 'set tags.b=2'] }, { tags: { b: '2' } }],
];

const refused: [Row, string][] = [
  [{ edits: ['set =1'] }, 'usage error: Empty key in --set. Correct syntax: --set KEY=VALUE [KEY=VALUE ...]'],
  [{ edits: ['set tags'] }, 'invalid syntax: --set property1.property2=<value>'],
  [
    { edits: ['set properties.adminUserEnabled=true'] },
    "Couldn't find 'properties' in ''. Available options: ['actions', 'adminUserEnabled', 'networkRuleSet', 'policies', 'sku', 'tags']",
  ],
  [
    { edits: ['set networkRuleSet.ipRules.action=Deny'], from: rules() },
    "Couldn't find 'action' in 'networkRuleSet.ipRules'. Available options: index into the collection 'networkRuleSet.ipRules' with [<index>] or [<key=value>]",
  ],
  [
    { edits: ['set sku.name.first=A'], from: { sku: { name: 'Basic' } } },
    "Couldn't find 'first' in 'sku.name'. 'sku.name' does not support further indexing.",
  ],
  [
    { edits: ['set networkRuleSet.ipRules[2].action=Deny'], from: rules() },
    "index 2 doesn't exist on ipRules",
  ],
  [
    { edits: ['set networkRuleSet.ipRules[action=Allow].action=Deny'], from: rules() },
    "non-unique key 'action' found multiple matches on ipRules. Key must be unique.",
  ],
  [
    { edits: ['set networkRuleSet.ipRules[value=10.0.0.9].action=Deny'], from: rules() },
    "item with value '10.0.0.9' doesn't exist for key 'value' on ipRules",
  ],
  [
    { edits: ['add sku name=Basic'], from: { sku: { name: 'Basic' } } },
    'invalid syntax: --add property.listProperty <key=value, string or JSON string>',
  ],
  [{ edits: ['remove actions 1'], from: { actions: ['push'] } }, "index 1 doesn't exist on actions"],
  [{ edits: ['remove actions 1'] }, "actions doesn't exist"],
  [
    { edits: ['remove tags.c'], from: { tags: { a: '1' } } },
    "Couldn't find 'c' in 'tags'. Available options: ['a']",
  ],
];

describe('an edit of what is about to be sent', ({ test }) => {
  for (const [row, body] of made) {
    test(`${row.edits.join(', ')} makes ${JSON.stringify(body)}`, () => {
      assert.deepEqual(run(row), { body, warnings: [] });
    });
  }
  for (const [row, message] of refused) {
    test(`${row.edits.join(', ')} is refused: ${message}`, () => {
      assert.throws(() => run(row), { message });
    });
  }
  test('names a property that the resource does not have as az does, and sends it', () => {
    assert.deepEqual(run({ edits: ['set colour=red'] }), {
      body: { colour: 'red' },
      warnings: ["Property 'colour' not found on root. Send it as an additional property ."],
    });
  });
  test('reaches no further than the body', () => {
    run({ edits: ['set policies.__proto__.polluted=1'] });
    assert.equal(Object.hasOwn(Object.prototype, 'polluted'), false);
  });
});
