// Rows of `$filter` as clients write it, and of what must not pass for one.
import { assert, describe } from '../../fixtures/describe.ts';
import { ArmError } from './errors.ts';
import { parseConditions, parseFilter } from './filter.ts';

const names = ['resourceType', 'name', 'parent.id'] as const;

describe('$filter', ({ test }) => {
  const accepted: [string | undefined, object][] = [
    [undefined, {}],
    ['', {}],
    [
      "resourceType eq 'Microsoft.ContainerRegistry/registries'",
      { resourceType: 'Microsoft.ContainerRegistry/registries' },
    ],
    ["RESOURCETYPE EQ 'a' AND name eq 'b'", { resourceType: 'a', name: 'b' }],
    ["properties/parent/id eq 'x'", { 'parent.id': 'x' }],
    ["name eq 'it''s'", { name: "it's" }],
    ["name eq 'salt and pepper' and resourceType eq 'b'", { name: 'salt and pepper', resourceType: 'b' }],
  ];
  for (const [text, found] of accepted) {
    test(`reads ${text ?? 'no filter'}`, () => assert.deepEqual(parseFilter(text, names), found));
  }

  for (const text of [
    "name ne 'x'",
    'name eq x',
    "other eq 'x'",
    "name eq 'x' or name eq 'y'",
    "name eq 'x",
    "name eq 'x' and ",
    "name eq 'x' resourceType eq 'y'",
    "startswith(name, 'x')",
  ]) {
    test(`refuses ${text}`, () => {
      assert.throws(
        () => parseFilter(text, names),
        (error) => error instanceof ArmError && error.code === 'InvalidFilterInQueryString',
      );
    });
  }

  test('reads how az looks for resources by their tags', () => {
    assert.deepEqual(
      parseConditions("startswith(tagname, 'site') and tagValue eq 'x'", ['tagName', 'tagValue']),
      [
        { name: 'tagName', operator: 'startswith', value: 'site' },
        { name: 'tagValue', operator: 'eq', value: 'x' },
      ],
    );
  });
});
