// What is kept of earlier rules, and for how long.
import { assert, describe } from '../../../fixtures/describe.ts';
import type { WebhookProperties } from '../../resources/webhooks/schema.ts';
import type { Resource } from '../../store/resource.ts';
import { changeRules, wants } from './rules.ts';

const feedId = 'feed';
const at = (seq: number) => ({ feedId, seq });
const properties: WebhookProperties = {
  status: 'enabled',
  scope: '',
  actions: ['push'],
  serviceUri: 'http://receiver.example/',
  customHeaders: {},
};
const resource = (of: WebhookProperties): Resource<WebhookProperties> => ({
  id: '/webhook',
  type: 'Microsoft.ContainerRegistry/registries/webhooks',
  name: 'webhook',
  systemData: {
    createdBy: '',
    createdByType: 'User',
    createdAt: '',
    lastModifiedBy: '',
    lastModifiedByType: 'User',
    lastModifiedAt: '',
  },
  properties: of,
});
const toggled = (of: WebhookProperties, head: number, read = 0): WebhookProperties =>
  changeRules(
    resource(of),
    { ...of, status: of.status === 'enabled' ? 'disabled' : 'enabled' },
    { head: at(head), read: at(read) },
  );
const push = {
  action: 'push' as const,
  at: new Date(0),
  repository: 'app',
  digest: 'sha256:1',
  mediaType: 'm',
  size: 1,
};

describe('the earlier rules of a webhook', ({ test }) => {
  test('hold up to where the feed was when they ended', () => {
    const changed = toggled(toggled(properties, 10), 20);
    const wanted = [5, 10, 11, 20, 21].map((seq) => wants(changed, push, at(seq)));
    assert.deepEqual(wanted, [true, true, false, false, true]);
  });

  test('are forgotten when what they are for was read', () => {
    const changed = toggled(toggled(properties, 10), 20, 15);
    assert.deepEqual(
      changed.earlier?.map(({ until }) => until),
      [20],
    );
  });

  test('are not kept when nothing happened under them', () => {
    const twice = toggled(toggled(properties, 10), 10);
    assert.equal(twice.earlier?.length, 1);
    assert.ok(wants(twice, push, at(10)));
    assert.equal(toggled(properties, 10, 10).earlier?.length, 0);
  });

  test('mean nothing for another feed', () => {
    const changed = toggled(toggled(properties, 10), 20);
    assert.ok(wants(changed, push, { feedId: 'other', seq: 15 }));
  });

  test('are at most a hundred, the newest', () => {
    let changed = properties;
    for (let seq = 1; seq <= 150; seq++) changed = toggled(changed, seq);
    assert.equal(changed.earlier?.length, 100);
    assert.equal(changed.earlier?.at(-1)?.until, 150);
  });
});
