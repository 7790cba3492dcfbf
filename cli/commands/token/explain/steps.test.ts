// Every place at which a request can stop, and what is said there.
import { assert, describe } from '../../../../fixtures/describe.ts';
import type { ConnectedRegistry, ScopeMap, Token } from '../../../client/resources.ts';
import { explain, type Facts, type Site } from './steps.ts';

const now = new Date('2026-05-04T12:00:00Z');
const before = '2026-05-04T11:00:00Z';
const after = '2026-05-04T11:59:00Z';

const resource = { type: 'resource', systemData: { lastModifiedAt: before } };
const token = (change: Partial<Token['properties']> = {}, lastModifiedAt = before): Token => ({
  ...resource,
  id: '/registries/r/tokens/T1',
  name: 't1',
  systemData: { lastModifiedAt },
  properties: {
    scopeMapId: '/registries/r/scopeMaps/map',
    status: 'enabled',
    credentials: { passwords: [{ name: 'password1' }] },
    ...change,
  },
});
const scopeMap = (...actions: string[]): ScopeMap => ({
  ...resource,
  id: '/registries/r/scopeMaps/map',
  name: 'map',
  properties: { actions: actions.map((action) => `repositories/app/${action}`) },
});
const site = (change: Partial<ConnectedRegistry['properties']> = {}, way: Partial<Site> = {}): Site => ({
  one: {
    ...resource,
    id: '/registries/r/connectedRegistries/line1',
    name: 'line1',
    properties: {
      mode: 'ReadWrite',
      connectionState: 'Online',
      lastActivityTime: '2026-05-04T11:30:00Z',
      activation: { status: 'Active' },
      parent: { syncProperties: { tokenId: 'sync' } },
      clientTokenIds: ['/registries/r/tokens/t1'],
      ...change,
    },
  },
  levels: [
    { name: 'plant', actions: ['repositories/*/content/read', 'repositories/app/content/write'] },
    { name: 'line1', actions: ['repositories/app/content/read', 'repositories/app/content/write'] },
  ],
  state: 'OnSite',
  ...way,
});
const facts = (change: Partial<Facts> = {}): Facts => ({
  registry: 'r',
  name: 't1',
  repository: 'app',
  tag: 'v1',
  request: 'pull',
  now,
  token: token(),
  scopeMap: scopeMap('content/read', 'content/write'),
  image: { changeableAttributes: { readEnabled: true, writeEnabled: false } },
  site: undefined,
  ...change,
});

describe('an explanation that stops', ({ test }) => {
  const rows: [string, Partial<Facts>, string, RegExp][] = [
    [
      'token',
      { token: undefined },
      'no token',
      /^acrc token create -r r -n t1 --repository app content\/read$/,
    ],
    ['status', { token: token({ status: 'disabled' }) }, 'disabled', /--status enabled$/],
    ['password', { token: token({ credentials: {} }) }, 'no password', /^acrc token credential generate/],
    [
      'password',
      { token: token({ credentials: { passwords: [{ name: 'password1', expiry: before }] } }) },
      `expired at ${before}`,
      /^acrc token credential generate/,
    ],
    [
      'scope map',
      { scopeMap: undefined },
      "'map' does not exist",
      /^acrc token update -r r -n t1 --scope-map/,
    ],
    [
      'permission',
      { request: 'delete' },
      'only content/read, content/write on',
      /--add-repository app content\/delete$/,
    ],
    ['permission', { repository: 'other' }, "nothing on 'other'", /--add-repository other content\/read$/],
    ['image', { image: undefined }, 'no image app:v1', /show-tags -n r --repository app$/],
    [
      'image',
      { request: 'push' },
      'locked: writeEnabled is false',
      /^acrc repository update -n r --image app:v1 --write-enabled true$/,
    ],
    ['client token', { site: site({ clientTokenIds: [] }) }, 'does not know it', /--add-client-tokens t1$/],
    [
      'mode',
      { site: site({ mode: 'ReadOnly' }), request: 'push' },
      'is ReadOnly',
      /^Do it at the cloud registry/,
    ],
    [
      'sync permission',
      { site: site({ mode: 'ReadOnly' }, { levels: [{ name: 'plant', actions: [] }] }) },
      "sync token of 'plant' may not content/read 'app'",
      /permissions update -r r -n line1 --add app$/,
    ],
    [
      'node',
      { site: site({ activation: { status: 'Inactive' } }) },
      'No node has taken',
      /get-settings -r r -n line1/,
    ],
    [
      'configuration',
      { site: site({ connectionState: 'Offline' }), token: token({}, after) },
      "'t1' was changed after that",
      /^Bring its link back/,
    ],
    [
      'image on site',
      { site: site({}, { state: 'Missing' }) },
      ': Missing.',
      /^acrc connected-registry plan/,
    ],
    [
      'image on site',
      { site: site({}, { levels: [{ name: 'plant', actions: [] }], state: undefined }) },
      "Whether 'line1' has app:v1 is known only there",
      /^Pull it there/,
    ],
    ['image on site', { site: site({}, { state: undefined }) }, 'has no image', /^acrc repository show-tags/],
  ];
  for (const [check, change, detail, remedy] of rows) {
    test(`at '${check}' says ${detail}`, () => {
      const last = explain(facts(change)).at(-1)!;
      assert.equal(last.check, check);
      assert.equal(last.ok, false);
      assert.ok(last.detail.includes(detail), last.detail);
      assert.match(last.remedy ?? '', remedy);
    });
  }
});

describe('an explanation of a ReadWrite site that may not synchronise the repository any more', ({
  test,
}) => {
  const unsynced = site({}, { levels: [{ name: 'plant', actions: [] }], state: undefined });
  const told = (request: Facts['request']) => {
    const steps = explain(facts({ site: unsynced, request }));
    return { steps, step: steps.find(({ check }) => check === 'sync permission')! };
  };
  test('says that it serves what it has, and that only the site knows what that is', () => {
    const { steps, step } = told('pull');
    assert.match(
      step.detail,
      /may not content\/read 'app': 'line1', being ReadWrite, serves what it has of it\.$/,
    );
    assert.match(step.remedy!, /permissions update -r r -n line1 --add app$/);
    assert.equal(steps.at(-1)!.uncertain, true);
  });
  test('says that it takes a push and does not send it up', () => {
    const { steps, step } = told('push');
    assert.ok(steps.every(({ ok }) => ok));
    assert.match(step.detail, /'line1', being ReadWrite, takes it and does not send it up\.$/);
  });
});

describe('an explanation that goes through', ({ test }) => {
  const rows: [string, Partial<Facts>][] = [
    ['a pull from the cloud', {}],
    ['a push of what is not there yet', { request: 'push', image: undefined }],
    ['a pull on site', { site: site() }],
    ['a push on site', { site: site({}, { state: undefined }), request: 'push' }],
    [
      'a pull at a site that is out of touch and has all it needs',
      { site: site({ connectionState: 'Offline' }) },
    ],
    [
      'one password that lasts, beside one that does not',
      {
        token: token({
          credentials: {
            passwords: [
              { name: 'password1', expiry: before },
              { name: 'password2', expiry: '2026-05-06T12:00:00Z' },
            ],
          },
        }),
      },
    ],
  ];
  for (const [name, change] of rows) {
    test(name, () =>
      assert.deepEqual(
        explain(facts(change)).filter(({ ok }) => !ok),
        [],
      ),
    );
  }
});
