// The shape of az's JSON: properties lifted, resource groups next to ids, absent model fields as null.
import { assert, describe } from '../../fixtures/describe.ts';
import { flatten } from './flatten.ts';

const id =
  '/subscriptions/s/resourceGroups/acr-rg/providers/Microsoft.ContainerRegistry/registries/myregistry';

describe('flatten', ({ test }) => {
  const rows: [string, unknown, Parameters<typeof flatten>[1], unknown][] = [
    ['lifts properties', { name: 'n', properties: { a: 1 } }, undefined, { name: 'n', a: 1 }],
    [
      'keeps both when a name is taken',
      { type: 't', properties: { type: 'UserDefined' } },
      undefined,
      { type: 't', typePropertiesType: 'UserDefined' },
    ],
    ['says the resource group of each id', { id }, undefined, { id, resourceGroup: 'acr-rg' }],
    ['says it inside lists too', { all: [{ id }] }, undefined, { all: [{ id, resourceGroup: 'acr-rg' }] }],
    [
      'says none for the group itself',
      { id: '/subscriptions/s/resourceGroups/acr-rg' },
      undefined,
      { id: '/subscriptions/s/resourceGroups/acr-rg' },
    ],
    ['shows absent fields', { a: 1 }, { fields: { a: null, b: null } }, { a: 1, b: null }],
    ['shows absent fields of what is there', { p: {} }, { fields: { p: { q: null } } }, { p: { q: null } }],
    ['shows an absent object as null', {}, { fields: { p: { q: null } } }, { p: null }],
    [
      'shows absent fields of list entries',
      { l: [{ name: 'x' }] },
      { fields: { l: [{ expiry: null }] } },
      { l: [{ name: 'x', expiry: null }] },
    ],
    ['treats lists item by item', [{ properties: { a: 1 } }], { fields: { b: null } }, [{ a: 1, b: null }]],
    [
      'calls fields what az calls them, through lists',
      { properties: { r: { l: [{ value: 1, b: 2 }] } } },
      { names: { 'r.l.value': 'renamed', 'no.such.path': 'x' } },
      { r: { l: [{ renamed: 1, b: 2 }] } },
    ],
    [
      'leaves properties where the view says so',
      { properties: { a: 1 } },
      { keepsProperties: true },
      { properties: { a: 1 } },
    ],
    ['leaves texts alone', 'text', undefined, 'text'],
  ];
  for (const [name, value, view, expected] of rows) {
    test(name, () => assert.deepEqual(flatten(value, view), expected));
  }
});
