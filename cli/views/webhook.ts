// How webhooks, and what they were told, are shown.
import { at, column, textAt, timeColumn, type View } from '../output/view.ts';

export const webhookView: View = {
  fields: {
    actions: null,
    location: null,
    provisioningState: null,
    scope: null,
    status: null,
    systemData: null,
    tags: null,
  },
  columns: {
    NAME: column('name'),
    LOCATION: column('location'),
    // A list and an object stand in a cell as JSON, where az shows Python's notation.
    ACTIONS: column('actions'),
    SCOPE: column('scope'),
    STATUS: column('status'),
  },
};

export const callbackView: View = {
  fields: { customHeaders: null, serviceUri: null },
  columns: { 'SERVICE URI': column('serviceUri'), HEADERS: column('customHeaders') },
};

const content = {
  action: null,
  actor: null,
  id: null,
  request: null,
  source: null,
  target: null,
  timestamp: null,
};
const message = { headers: null, version: null };

export const webhookEventsView: View = {
  fields: {
    eventRequestMessage: { ...message, content, method: null, requestUri: null },
    eventResponseMessage: { ...message, content: null, reasonPhrase: null, statusCode: null },
  },
  columns: {
    ID: column('id'),
    ACTION: column('eventRequestMessage.content.action'),
    IMAGE: (item) => joined(item, 'eventRequestMessage.content.target', ['repository', 'tag'], ':'),
    'HTTP STATUS': (item) => joined(item, 'eventResponseMessage', ['statusCode', 'reasonPhrase'], ' '),
    TIMESTAMP: timeColumn('eventRequestMessage.content.timestamp'),
  },
};

export const pingView: View = { columns: { ID: column('id') } };

function joined(item: unknown, path: string, names: readonly string[], between: string): string {
  const inside = at(item, path);
  return names
    .map((name) => textAt(inside, name))
    .filter((text) => text !== '')
    .join(between);
}
