// What the commands on scope maps share.
import { registryOfChild } from '../../options/registry.ts';
import { text } from '../../parse/option.ts';

export const scopeMapOptions = {
  ...registryOfChild,
  name: text('--name -n', 'The name of the scope map.', { required: true, resource: 'scope-map' }),
};

const actions = 'content/delete, content/read, content/write, metadata/read, metadata/write';
const gatewayActions = 'config/read, config/write, message/read, message/write';
export const repositoryHelp = (verb: string): string =>
  `Repository permissions to ${verb}: a repository and its actions (${actions}). May be repeated.`;
export const gatewayHelp = (verb: string): string =>
  `Gateway permissions to ${verb}: a connected registry and its actions (${gatewayActions}). May be repeated.`;
