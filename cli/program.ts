// The command tree: a line per command. The words a user types are the path here and, with `/` between them, the path of
// the file under commands/ (az's own top level lives in commands/registry/). Nothing is imported before it is called.
import type { Command } from './command.ts';

export interface Verb {
  readonly summary: string;
  readonly load: () => Promise<{ default: Command }>;
}
export interface Noun {
  readonly summary: string;
  readonly children: Readonly<Record<string, Verb | Noun>>;
}

const verb = (summary: string, load: Verb['load']): Verb => ({ summary, load });
const noun = (summary: string, children: Noun['children']): Noun => ({ summary, children });

// prettier-ignore
export const program: Noun = noun('Run and manage container registries, and the connected registries on your sites.', {
  'control-plane': noun('Run the cloud on this machine.', {
    start: verb('Start the control plane.', () => import('./commands/control-plane/start.ts')),
    stop: verb('Stop the control plane.', () => import('./commands/control-plane/stop.ts')),
    status: verb('Show whether the control plane runs, and where.', () => import('./commands/control-plane/status.ts')),
    logs: verb('Show what the control plane logged.', () => import('./commands/control-plane/logs.ts')),
    gc: verb('Remove what a registry needs no more.', () => import('./commands/control-plane/gc.ts')),
    scrub: verb('Verify all that a registry stores.', () => import('./commands/control-plane/scrub.ts')),
  }),
  node: noun('Run a connected registry on this machine.', {
    start: verb('Start a connected registry.', () => import('./commands/node/start.ts')),
    stop: verb('Stop a connected registry.', () => import('./commands/node/stop.ts')),
    status: verb('Show which connected registries run here, and where.', () => import('./commands/node/status.ts')),
    logs: verb('Show what a connected registry logged.', () => import('./commands/node/logs.ts')),
    gc: verb('Remove what a connected registry needs no more.', () => import('./commands/node/gc.ts')),
    scrub: verb('Verify all that a connected registry stores.', () => import('./commands/node/scrub.ts')),
  }),
  group: noun('Manage resource groups.', {
    create: verb('Create a resource group.', () => import('./commands/group/create.ts')),
    show: verb('Get the details of a resource group.', () => import('./commands/group/show.ts')),
    list: verb('List resource groups.', () => import('./commands/group/list.ts')),
    delete: verb('Delete a resource group and all that is in it.', () => import('./commands/group/delete.ts')),
  }),
  create: verb('Create a container registry.', () => import('./commands/registry/create.ts')),
  update: verb('Update a container registry.', () => import('./commands/registry/update.ts')),
  show: verb('Get the details of a container registry.', () => import('./commands/registry/show.ts')),
  list: verb('List the container registries of the subscription or of a resource group.', () => import('./commands/registry/list.ts')),
  delete: verb('Delete a container registry.', () => import('./commands/registry/delete.ts')),
  'check-name': verb('Check whether a registry name is valid and free.', () => import('./commands/registry/check-name.ts')),
  'show-usage': verb('Show how much of its quotas a container registry uses.', () => import('./commands/registry/show-usage.ts')),
  'show-endpoints': verb('Show the login server and the data endpoints of a container registry.', () => import('./commands/registry/show-endpoints.ts')),
  login: verb('Sign docker in to a container registry.', () => import('./commands/registry/login.ts')),
  import: verb('Copy an image into a container registry without docker.', () => import('./commands/registry/import.ts')),
  credential: noun('Manage the admin credentials of a container registry.', {
    show: verb('Show the admin credentials.', () => import('./commands/credential/show.ts')),
    renew: verb('Make a new admin password.', () => import('./commands/credential/renew.ts')),
  }),
  'connected-registry': noun('Manage connected registries.', {
    create: verb('Create a connected registry.', () => import('./commands/connected-registry/create.ts')),
    update: verb('Update a connected registry.', () => import('./commands/connected-registry/update.ts')),
    delete: verb('Delete a connected registry.', () => import('./commands/connected-registry/delete.ts')),
    deactivate: verb('Give the name of a connected registry free for another instance.', () => import('./commands/connected-registry/deactivate.ts')),
    list: verb('List the connected registries of a container registry.', () => import('./commands/connected-registry/list.ts')),
    show: verb('Get the details of a connected registry.', () => import('./commands/connected-registry/show.ts')),
    'list-client-tokens': verb('List the client tokens of a connected registry.', () => import('./commands/connected-registry/list-client-tokens.ts')),
    'get-settings': verb('Get what is needed to install a connected registry.', () => import('./commands/connected-registry/get-settings.ts')),
    permissions: noun('Manage the repositories that a connected registry may synchronise.', {
      show: verb('Show the scope map of the sync token.', () => import('./commands/connected-registry/permissions/show.ts')),
      update: verb('Add and remove repositories, here and where the hierarchy needs it.', () => import('./commands/connected-registry/permissions/update.ts')),
    }),
  }),
  'scope-map': noun('Manage scope maps: named sets of permissions.', {
    create: verb('Create a scope map.', () => import('./commands/scope-map/create.ts')),
    update: verb('Update a scope map.', () => import('./commands/scope-map/update.ts')),
    show: verb('Get the details of a scope map.', () => import('./commands/scope-map/show.ts')),
    list: verb('List the scope maps of a container registry.', () => import('./commands/scope-map/list.ts')),
    delete: verb('Delete a scope map.', () => import('./commands/scope-map/delete.ts')),
  }),
  token: noun('Manage tokens: names with passwords and a scope map.', {
    create: verb('Create a token.', () => import('./commands/token/create.ts')),
    update: verb('Update a token: its scope map or its status.', () => import('./commands/token/update.ts')),
    show: verb('Get the details of a token.', () => import('./commands/token/show.ts')),
    list: verb('List the tokens of a container registry.', () => import('./commands/token/list.ts')),
    delete: verb('Delete a token.', () => import('./commands/token/delete.ts')),
    credential: noun('Manage the passwords of a token.', {
      generate: verb('Make new passwords for a token; the old ones stop working.', () => import('./commands/token/credential/generate.ts')),
      delete: verb('Delete passwords of a token.', () => import('./commands/token/credential/delete.ts')),
    }),
  }),
  repository: noun('Manage repositories: image names of a container registry.', {
    list: verb('List the repositories of a container registry.', () => import('./commands/repository/list.ts')),
    'show-tags': verb('Show the tags of a repository.', () => import('./commands/repository/show-tags.ts')),
    show: verb('Get the attributes of a repository or image.', () => import('./commands/repository/show.ts')),
    update: verb('Lock a repository or image, or lift a lock.', () => import('./commands/repository/update.ts')),
    delete: verb('Delete a repository, or an image and all its tags.', () => import('./commands/repository/delete.ts')),
    untag: verb('Remove a tag; the image stays.', () => import('./commands/repository/untag.ts')),
  }),
  configure: verb('Keep default values for options.', () => import('./commands/configure.ts')),
  version: verb('Show the version of acrc.', () => import('./commands/version.ts')),
});

export function isVerb(node: Verb | Noun): node is Verb {
  return 'load' in node;
}
