// The command tree: a line per command. The words a user types are the path here and, with `/` between them, the path of
// the file under commands/ (az's own top level lives in commands/registry/). Nothing is imported before it is called.
import type { Command } from './command.ts';

export interface Verb {
  readonly summary: string;
  readonly load: () => Promise<{ default: Command }>;
  /** Said when it runs; help does not list it. */
  readonly deprecated?: string;
}
export interface Noun {
  readonly summary: string;
  readonly children: Readonly<Record<string, Verb | Noun>>;
}

const verb = (summary: string, load: Verb['load']): Verb => ({ summary, load });
const deprecated = (instead: string, load: Verb['load']): Verb => ({
  summary: `Deprecated: use '${instead}'.`,
  load,
  deprecated: `This command has been deprecated and will be removed in a future release. Use '${instead}' instead.`,
});
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
    export: verb('Write all that the control plane keeps to one file.', () => import('./commands/control-plane/export.ts')),
    import: verb('Bring back what an export wrote.', () => import('./commands/control-plane/import.ts')),
    reset: verb('Delete all that the control plane keeps.', () => import('./commands/control-plane/reset.ts')),
  }),
  node: noun('Run a connected registry on this machine.', {
    start: verb('Start a connected registry.', () => import('./commands/node/start.ts')),
    stop: verb('Stop a connected registry.', () => import('./commands/node/stop.ts')),
    status: verb('Show which connected registries run here, and where.', () => import('./commands/node/status.ts')),
    windows: verb('Show the next times at which a connected registry may synchronise.', () => import('./commands/node/windows.ts')),
    logs: verb('Show what a connected registry logged.', () => import('./commands/node/logs.ts')),
    gc: verb('Remove what a connected registry needs no more.', () => import('./commands/node/gc.ts')),
    scrub: verb('Verify all that a connected registry stores.', () => import('./commands/node/scrub.ts')),
  }),
  group: noun('Manage resource groups.', {
    create: verb('Create a resource group.', () => import('./commands/group/create.ts')),
    show: verb('Get the details of a resource group.', () => import('./commands/group/show.ts')),
    list: verb('List resource groups.', () => import('./commands/group/list.ts')),
    exists: verb('Say whether a resource group exists.', () => import('./commands/group/exists.ts')),
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
  'check-health': verb('Check docker, and whether a container registry can be reached and signed in to.', () => import('./commands/registry/check-health.ts')),
  credential: noun('Manage the admin credentials of a container registry.', {
    show: verb('Show the admin credentials.', () => import('./commands/credential/show.ts')),
    renew: verb('Make a new admin password.', () => import('./commands/credential/renew.ts')),
  }),
  'connected-registry': noun('Manage connected registries.', {
    create: verb('Create a connected registry.', () => import('./commands/connected-registry/create.ts')),
    update: verb('Update a connected registry.', () => import('./commands/connected-registry/update.ts')),
    delete: verb('Delete a connected registry.', () => import('./commands/connected-registry/delete.ts')),
    deactivate: verb('Give the name of a connected registry free for another instance.', () => import('./commands/connected-registry/deactivate.ts')),
    resync: verb('Synchronise everything again.', () => import('./commands/connected-registry/resync.ts')),
    list: verb('List the connected registries of a container registry.', () => import('./commands/connected-registry/list.ts')),
    show: verb('Get the details of a connected registry.', () => import('./commands/connected-registry/show.ts')),
    tree: verb('Show the whole hierarchy: how each is, and what it has still to copy.', () => import('./commands/connected-registry/tree.ts')),
    status: verb('Show what is on site, tag by tag.', () => import('./commands/connected-registry/status.ts')),
    plan: verb('Show what the next sync would copy and remove.', () => import('./commands/connected-registry/plan.ts')),
    windows: verb('Show the next sync windows, as they are or as another schedule would have them.', () => import('./commands/connected-registry/windows.ts')),
    'list-client-tokens': verb('List the client tokens of a connected registry.', () => import('./commands/connected-registry/list-client-tokens.ts')),
    'get-settings': verb('Get what is needed to install a connected registry.', () => import('./commands/connected-registry/get-settings.ts')),
    permissions: noun('Manage the repositories that a connected registry may synchronise.', {
      show: verb('Show the scope map of the sync token.', () => import('./commands/connected-registry/permissions/show.ts')),
      update: verb('Add and remove repositories, here and where the hierarchy needs it.', () => import('./commands/connected-registry/permissions/update.ts')),
    }),
    repo: deprecated('acrc connected-registry permissions update', () => import('./commands/connected-registry/permissions/update.ts')),
    install: noun('Get what is needed to install a connected registry.', {
      info: deprecated('acrc connected-registry get-settings', () => import('./commands/connected-registry/install/info.ts')),
      'renew-credentials': deprecated('acrc connected-registry get-settings', () => import('./commands/connected-registry/install/renew-credentials.ts')),
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
    explain: verb('Say why a token may do something, or where it stops.', () => import('./commands/token/explain.ts')),
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
    'show-manifests': deprecated('acrc manifest list-metadata', () => import('./commands/repository/show-manifests.ts')),
  }),
  manifest: noun('Manage manifests: the images and artifacts behind tags.', {
    show: verb('Show a manifest.', () => import('./commands/manifest/show.ts')),
    list: verb('List the manifests of a repository.', () => import('./commands/manifest/list.ts')),
    'show-metadata': verb('Get the attributes of a manifest or tag.', () => import('./commands/manifest/show-metadata.ts')),
    'list-metadata': verb('List the attributes of the manifests of a repository.', () => import('./commands/manifest/list-metadata.ts')),
    'update-metadata': verb('Lock a manifest or tag, or lift a lock.', () => import('./commands/manifest/update-metadata.ts')),
    'list-referrers': verb('List what refers to a manifest.', () => import('./commands/manifest/list-referrers.ts')),
    delete: verb('Delete a manifest, its tags and what refers to it.', () => import('./commands/manifest/delete.ts')),
  }),
  webhook: noun('Manage webhooks: addresses that are told of pushes and deletions.', {
    create: verb('Create a webhook.', () => import('./commands/webhook/create.ts')),
    update: verb('Update a webhook.', () => import('./commands/webhook/update.ts')),
    show: verb('Get the details of a webhook.', () => import('./commands/webhook/show.ts')),
    list: verb('List the webhooks of a container registry.', () => import('./commands/webhook/list.ts')),
    delete: verb('Delete a webhook.', () => import('./commands/webhook/delete.ts')),
    'get-config': verb('Get the address and the headers of a webhook.', () => import('./commands/webhook/get-config.ts')),
    'list-events': verb('List what a webhook was told of late.', () => import('./commands/webhook/list-events.ts')),
    ping: verb('Send a message to try a webhook.', () => import('./commands/webhook/ping.ts')),
  }),
  replication: noun('Manage replications: other regions of a container registry.', {
    create: verb('Create a replication.', () => import('./commands/replication/create.ts')),
    update: verb('Update a replication.', () => import('./commands/replication/update.ts')),
    show: verb('Get the details of a replication.', () => import('./commands/replication/show.ts')),
    list: verb('List the regions of a container registry.', () => import('./commands/replication/list.ts')),
    delete: verb('Delete a replication.', () => import('./commands/replication/delete.ts')),
  }),
  config: noun('Manage the policies of a container registry.', {
    'content-trust': noun('Whether clients may sign images.', {
      show: verb('Show the policy.', () => import('./commands/config/content-trust/show.ts')),
      update: verb('Change the policy.', () => import('./commands/config/content-trust/update.ts')),
    }),
    retention: noun('How long untagged manifests are to stay.', {
      show: verb('Show the policy.', () => import('./commands/config/retention/show.ts')),
      update: verb('Change the policy.', () => import('./commands/config/retention/update.ts')),
    }),
    'soft-delete': noun('How long deleted images are to be kept.', {
      show: verb('Show the policy.', () => import('./commands/config/soft-delete/show.ts')),
      update: verb('Change the policy.', () => import('./commands/config/soft-delete/update.ts')),
    }),
    'authentication-as-arm': noun('Whether tokens for the management API sign in to the registry.', {
      show: verb('Show the policy.', () => import('./commands/config/authentication-as-arm/show.ts')),
      update: verb('Change the policy.', () => import('./commands/config/authentication-as-arm/update.ts')),
    }),
  }),
  'network-rule': noun('Manage from where a container registry may be reached.', {
    list: verb('List the network rules.', () => import('./commands/network-rule/list.ts')),
    add: verb('Allow an address or a range of them.', () => import('./commands/network-rule/add.ts')),
    remove: verb('Allow an address or a range of them no more.', () => import('./commands/network-rule/remove.ts')),
  }),
  ad: noun('Manage who may sign in.', {
    sp: noun('Manage service principals: names that programs sign in with.', {
      'create-for-rbac': verb('Create a service principal, and give it a role.', () => import('./commands/ad/sp/create-for-rbac.ts')),
      list: verb('List service principals.', () => import('./commands/ad/sp/list.ts')),
      show: verb('Get the details of a service principal.', () => import('./commands/ad/sp/show.ts')),
      delete: verb('Delete a service principal.', () => import('./commands/ad/sp/delete.ts')),
      credential: noun('Manage the passwords of a service principal.', {
        reset: verb('Make a new password; the old ones stop working.', () => import('./commands/ad/sp/credential/reset.ts')),
        list: verb('List the passwords, without what they say.', () => import('./commands/ad/sp/credential/list.ts')),
        delete: verb('Delete a password.', () => import('./commands/ad/sp/credential/delete.ts')),
      }),
    }),
  }),
  role: noun('Manage who may do what.', {
    assignment: noun('Manage role assignments.', {
      create: verb('Give a role to a service principal.', () => import('./commands/role/assignment/create.ts')),
      list: verb('List role assignments.', () => import('./commands/role/assignment/list.ts')),
      delete: verb('Take roles away.', () => import('./commands/role/assignment/delete.ts')),
    }),
    definition: noun('See the roles there are.', {
      list: verb('List the roles, and what they allow.', () => import('./commands/role/definition/list.ts')),
    }),
  }),
  account: noun('Manage subscriptions.', {
    show: verb('Show the subscription that commands work in.', () => import('./commands/account/show.ts')),
    list: verb('List the subscriptions of the control plane.', () => import('./commands/account/list.ts')),
    set: verb('Choose the subscription that commands work in.', () => import('./commands/account/set.ts')),
  }),
  cloud: noun('Manage which control plane commands talk to.', {
    list: verb('List the control planes that are known.', () => import('./commands/cloud/list.ts')),
    show: verb('Get the details of a control plane.', () => import('./commands/cloud/show.ts')),
    set: verb('Choose the control plane that commands talk to.', () => import('./commands/cloud/set.ts')),
    register: verb('Register a control plane on another machine.', () => import('./commands/cloud/register.ts')),
    unregister: verb('Forget a control plane.', () => import('./commands/cloud/unregister.ts')),
  }),
  rest: verb('Send a request to the control plane, signed in.', () => import('./commands/rest.ts')),
  apply: verb('Make groups, registries, tokens and sites as a file describes them.', () => import('./commands/apply.ts')),
  doctor: verb('Look at everything, and say what is wrong and what mends it.', () => import('./commands/doctor.ts')),
  'az-setup': verb('Make the Azure CLI use this control plane.', () => import('./commands/az-setup.ts')),
  configure: verb('Keep default values for options.', () => import('./commands/configure.ts')),
  completion: verb('Complete commands, options and names in your shell.', () => import('./commands/completion.ts')),
  version: verb('Show the version of acrc.', () => import('./commands/version.ts')),
});

/** Whether help lists it. */
export function isListed(node: Verb | Noun): boolean {
  return isVerb(node) ? node.deprecated === undefined : Object.values(node.children).some(isListed);
}

export function isVerb(node: Verb | Noun): node is Verb {
  return 'load' in node;
}
