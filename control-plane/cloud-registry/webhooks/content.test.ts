// What webhooks are sent of an event.
import { assert, describe } from '../../../fixtures/describe.ts';
import type { ArtifactEvent } from '../../../registry-node/notifications/event.ts';
import { inFormatOf, toContent, toPing } from './content.ts';

const mediaType = 'application/vnd.oci.image.manifest.v1+json';
const push: ArtifactEvent = {
  action: 'push',
  at: new Date(1000),
  repository: 'app',
  digest: 'sha256:1',
  mediaType,
  size: 500,
  tag: 'v1',
};
const deletion: ArtifactEvent = { ...push, action: 'delete', tag: undefined, tags: ['v1'] };
const ids = { id: 'e', requestId: 'r' };
const plain = { customHeaders: {} };
const cloudEvents = { customHeaders: { 'content-TYPE': 'application/cloudevents+json; charset=utf-8' } };
const contentOf = (event: ArtifactEvent): string => toContent(event, ids, 'h');
const cloudEventOf = (content: string): object =>
  JSON.parse(inFormatOf(cloudEvents, content, '/registries/r'));

describe('what a webhook is sent', ({ test }) => {
  test('of a push says what was pushed, and from which site', () => {
    const event = { ...push, connectedRegistry: 'factory1' };
    assert.deepEqual(JSON.parse(contentOf(event)), {
      id: 'e',
      timestamp: '1970-01-01T00:00:01.000Z',
      action: 'push',
      target: { mediaType, size: 500, digest: 'sha256:1', length: 500, repository: 'app', tag: 'v1' },
      request: { id: 'r', host: 'h', method: 'PUT' },
      connectedRegistry: { name: 'factory1' },
    });
  });

  test('of a deletion says neither size nor tag', () => {
    const { target } = JSON.parse(contentOf(deletion));
    assert.deepEqual(target, { mediaType, digest: 'sha256:1', repository: 'app' });
  });

  test('is a CloudEvent around the same data when its header asks for one', () => {
    const event = { ...push, connectedRegistry: 'factory1' };
    assert.deepEqual(cloudEventOf(contentOf(event)), {
      specversion: '1.0',
      id: 'e',
      source: '/registries/r/connectedRegistries/factory1',
      type: 'Microsoft.ContainerRegistry.ImagePushed',
      subject: 'app:v1',
      time: '1970-01-01T00:00:01.000Z',
      datacontenttype: 'application/json',
      data: JSON.parse(contentOf(event)),
    });
  });

  const rows: [string, ArtifactEvent, object][] = [
    [
      'a deletion',
      deletion,
      { type: 'Microsoft.ContainerRegistry.ImageDeleted', subject: 'app', source: '/registries/r' },
    ],
    ['a push without a tag', { ...push, tag: undefined }, { subject: 'app' }],
  ];
  for (const [what, event, expected] of rows) {
    test(`is a CloudEvent of ${what}`, () =>
      assert.partialDeepStrictEqual(cloudEventOf(contentOf(event)), expected));
  }

  test('is a CloudEvent of a ping, too', () =>
    assert.partialDeepStrictEqual(cloudEventOf(toPing('p', new Date(0))), {
      id: 'p',
      type: 'Microsoft.ContainerRegistry.Ping',
      source: '/registries/r',
      data: { action: 'ping' },
    }));

  test('changes its format as often as the header does, and nothing else', () => {
    const content = contentOf({ ...push, connectedRegistry: 'factory1' });
    const wrapped = inFormatOf(cloudEvents, content, '/registries/r');
    assert.equal(inFormatOf(cloudEvents, wrapped, '/registries/r'), wrapped);
    assert.equal(inFormatOf(plain, wrapped, '/registries/r'), content);
  });
});
