// The way of a request from the token to the bytes, a step after the other: what must hold, and the command that mends it. Pure,
// so that every place at which it can stop has a row in a test. docs/operations.md shows what comes out.
import type { RepositoryAction } from '../../../../registry-node/oci/scope.ts';
import { compileGrants } from '../../../../registry-node/oci/scope.ts';
import type { SiteState } from '../../../client/on-site.ts';
import { at } from '../../../output/view.ts';
import { nameOf } from '../../../client/registry-id.ts';
import type { ConnectedRegistry, ScopeMap, Token } from '../../../client/resources.ts';

/** What a user does -> what the scope map must allow, and which lock stands in its way. */
export const requests = {
  pull: { needs: ['content/read'], lock: 'readEnabled', changes: false },
  push: { needs: ['content/write', 'content/read'], lock: 'writeEnabled', changes: true },
  delete: { needs: ['content/delete'], lock: 'deleteEnabled', changes: true },
  'metadata-read': { needs: ['metadata/read'], lock: undefined, changes: false },
  'metadata-write': { needs: ['metadata/write'], lock: undefined, changes: true },
} as const satisfies Record<
  string,
  { needs: readonly RepositoryAction[]; lock: string | undefined; changes: boolean }
>;
export type Request = keyof typeof requests;

export interface Facts {
  registry: string;
  name: string;
  repository: string;
  tag: string;
  request: Request;
  now: Date;
  token: Token | undefined;
  scopeMap: ScopeMap | undefined;
  /** In the cloud; undefined: there is no such image. Not looked at when there is a site. */
  image: { changeableAttributes: unknown } | undefined;
  /** Undefined: at the cloud registry itself. */
  site: Site | undefined;
}

export interface Site {
  one: ConnectedRegistry;
  /** From the top down to it: what each sync token may do. */
  levels: { name: string; actions: readonly string[] }[];
  /** Of the image there; undefined: the cloud has none of that name. */
  state: SiteState | undefined;
}

export interface Step {
  check: string;
  ok: boolean;
  /** It may be well all the same: only the site can tell. */
  uncertain?: true;
  detail: string;
  /** What mends it, when it is not well. */
  remedy?: string;
}

type Check = (facts: Facts) => Step;

const day = 24 * 60 * 60 * 1000;

const tokenExists: Check = ({ token, name, registry, repository, request }) => ({
  check: 'token',
  ...(token
    ? { ok: true, detail: `The registry has the token '${token.name}'.` }
    : {
        ok: false,
        detail: `The registry has no token '${name}'.`,
        remedy: `acrc token create -r ${registry} -n ${name} --repository ${repository} ${requests[request].needs.join(' ')}`,
      }),
});

const tokenEnabled: Check = ({ token, name, registry }) =>
  token?.properties.status === 'enabled'
    ? { check: 'status', ok: true, detail: 'It is enabled.' }
    : {
        check: 'status',
        ok: false,
        detail: 'It is disabled.',
        remedy: `acrc token update -r ${registry} -n ${name} --status enabled`,
      };

const passwordLasts: Check = ({ token, name, registry, now }) => {
  const passwords = token?.properties.credentials?.passwords ?? [];
  const good = passwords.filter(({ expiry }) => expiry === undefined || Date.parse(expiry) > now.getTime());
  const remedy = `acrc token credential generate -r ${registry} -n ${name} --password1`;
  if (passwords.length === 0) return { check: 'password', ok: false, detail: 'It has no password.', remedy };
  if (good.length === 0) {
    const last = passwords
      .map(({ expiry = '' }) => expiry)
      .sort()
      .at(-1);
    return { check: 'password', ok: false, detail: `Its last password expired at ${last}.`, remedy };
  }
  const ends = good.map(({ name: which, expiry }) => `${which} ${endOf(expiry, now)}`);
  return { check: 'password', ok: true, detail: `It has ${ends.join(' and ')}.` };
};

function endOf(expiry: string | undefined, now: Date): string {
  if (expiry === undefined) return 'without an end';
  const days = Math.floor((Date.parse(expiry) - now.getTime()) / day);
  return days > 30 ? `until ${expiry}` : `until ${expiry}, which is in ${days} days`;
}

const scopeMapExists: Check = ({ token, scopeMap, name, registry }) => {
  const wanted = nameOf(token?.properties.scopeMapId ?? '');
  return scopeMap
    ? { check: 'scope map', ok: true, detail: `Its scope map is '${scopeMap.name}'.` }
    : {
        check: 'scope map',
        ok: false,
        detail: `Its scope map '${wanted}' does not exist.`,
        remedy: `acrc token update -r ${registry} -n ${name} --scope-map <an existing one>`,
      };
};

const granted: Check = ({ scopeMap, repository, request, registry }) => {
  const actions = scopeMap?.properties.actions ?? [];
  const missing = missingOf(actions, repository, request);
  if (missing.length === 0) {
    return {
      check: 'permission',
      ok: true,
      detail: `It allows ${requests[request].needs.join(' and ')} on '${repository}'.`,
    };
  }
  const own = actions.filter((action) => action.startsWith(`repositories/${repository}/`));
  const allows =
    own.length > 0 ? `only ${own.map((each) => each.split('/').slice(-2).join('/')).join(', ')}` : 'nothing';
  return {
    check: 'permission',
    ok: false,
    detail: `It allows ${allows} on '${repository}', and ${request} needs ${missing.join(' and ')}.`,
    remedy: `acrc scope-map update -r ${registry} -n ${scopeMap?.name} --add-repository ${repository} ${missing.join(' ')}`,
  };
};

function missingOf(actions: readonly string[], repository: string, request: Request): readonly string[] {
  const grants = compileGrants([...actions]);
  return requests[request].needs.filter((action) => !grants.repository(repository, action));
}

const inCloud: Check = ({ image, repository, tag, registry, request }) => {
  const { lock } = requests[request];
  const named = `${repository}:${tag}`;
  if (!image) {
    return request === 'push'
      ? { check: 'image', ok: true, detail: `There is no ${named} yet: a push makes it.` }
      : {
          check: 'image',
          ok: false,
          detail: `The registry has no image ${named}.`,
          remedy: `acrc repository show-tags -n ${registry} --repository ${repository}`,
        };
  }
  if (lock !== undefined && at(image.changeableAttributes, lock) === false) {
    return {
      check: 'image',
      ok: false,
      detail: `${named} is locked: ${lock} is false.`,
      remedy: `acrc repository update -n ${registry} --image ${named} --${dashed(lock)} true`,
    };
  }
  return { check: 'image', ok: true, detail: `${named} is there, and no lock forbids it.` };
};

const dashed = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

const isClient: Check = ({ site, token, name, registry }) => {
  const one = site!.one;
  const ids = (one.properties.clientTokenIds ?? []).map((id) => id.toLowerCase());
  return ids.includes(token!.id.toLowerCase())
    ? { check: 'client token', ok: true, detail: `'${one.name}' takes it as a client token.` }
    : {
        check: 'client token',
        ok: false,
        detail: `'${one.name}' does not know it: it is none of its client tokens.`,
        remedy: `acrc connected-registry update -r ${registry} -n ${one.name} --add-client-tokens ${name}`,
      };
};

const modeAllows: Check = ({ site, request }) => {
  const { name, properties } = site!.one;
  return properties.mode === 'ReadWrite' || !requests[request].changes
    ? { check: 'mode', ok: true, detail: `'${name}' is ${properties.mode}.` }
    : {
        check: 'mode',
        ok: false,
        detail: `'${name}' is ReadOnly, and ${request} changes something.`,
        remedy: `Do it at the cloud registry, or make a connected registry whose mode is ReadWrite: a mode is never changed.`,
      };
};

const synced: Check = ({ site, repository, request, registry }) => {
  const check = 'sync permission';
  const { one, levels } = site!;
  const missing = refusalOf(levels, repository, request);
  if (missing === undefined) {
    const way = levels.map(({ name }) => name).join(' and ');
    return { check, ok: true, detail: `'${repository}' is synchronised with ${way}.` };
  }
  const remedy = `acrc connected-registry permissions update -r ${registry} -n ${one.name} --add ${repository}`;
  if (one.properties.mode !== 'ReadWrite') return { check, ok: false, detail: `${missing}.`, remedy };
  const kept = requests[request].changes ? 'takes it and does not send it up' : 'serves what it has of it';
  return { check, ok: true, detail: `${missing}: '${one.name}', being ReadWrite, ${kept}.`, remedy };
};

/** The first level that may not do it; undefined when all may. */
function refusalOf(levels: Site['levels'], repository: string, request: Request): string | undefined {
  for (const { name, actions } of levels) {
    const missing = missingOf(actions, repository, request);
    if (missing.length > 0)
      return `The sync token of '${name}' may not ${missing.join(' and ')} '${repository}'`;
  }
  return undefined;
}

const active: Check = ({ site, registry }) => {
  const { name, properties } = site!.one;
  return properties.activation?.status === 'Active'
    ? {
        check: 'node',
        ok: true,
        detail: `A node holds the name '${name}', and is ${properties.connectionState}.`,
      }
    : {
        check: 'node',
        ok: false,
        detail: `No node has taken the name '${name}'.`,
        remedy: `acrc connected-registry get-settings -r ${registry} -n ${name} --parent-protocol https --generate-password 1`,
      };
};

/** A node that is out of touch serves by what it knew when it was last heard of. */
const heard: Check = ({ site, token, scopeMap }) => {
  const { name, properties } = site!.one;
  const last = Date.parse(properties.lastActivityTime ?? '');
  const changed = [token, scopeMap].filter(
    (each) => Date.parse(each?.systemData?.lastModifiedAt ?? '') > last,
  );
  if (properties.connectionState !== 'Offline' || changed.length === 0) {
    return {
      check: 'configuration',
      ok: true,
      detail: `'${name}' was last heard of at ${properties.lastActivityTime}.`,
    };
  }
  return {
    check: 'configuration',
    ok: false,
    detail: `'${name}' is Offline since ${properties.lastActivityTime}, and '${changed[0]!.name}' was changed after that.`,
    remedy: `Bring its link back, or start it: 'acrc node status' on the site shows whether it runs.`,
  };
};

const onSite: Check = ({ site, repository, tag, registry, request }) => {
  const { one, state } = site!;
  const named = `${repository}:${tag}`;
  const check = 'image on site';
  if (request === 'push' || state === 'OnSite') {
    return {
      check,
      ok: true,
      detail: state === 'OnSite' ? `${named} is on site.` : `${named} may be pushed there.`,
    };
  }
  if (refusalOf(site!.levels, repository, 'pull') !== undefined) {
    const detail = `Whether '${one.name}' has ${named} is known only there, as it is not synchronised.`;
    return { check, ok: false, uncertain: true, detail, remedy: 'Pull it there to see.' };
  }
  if (state === undefined) {
    const remedy = `acrc repository show-tags -n ${registry} --repository ${repository}`;
    return { check, ok: false, detail: `The cloud registry has no image ${named}.`, remedy };
  }
  const remedy = `acrc connected-registry plan -r ${registry} -n ${one.name} -o table`;
  return { check, ok: false, detail: `${named} is not there as it is in the cloud: ${state}.`, remedy };
};

const always: readonly Check[] = [tokenExists, tokenEnabled, passwordLasts, scopeMapExists, granted];
const atSite: readonly Check[] = [isClient, modeAllows, synced, active, heard, onSite];

/** All steps up to the first at which it stops. */
export function explain(facts: Facts): Step[] {
  const steps: Step[] = [];
  for (const check of [...always, ...(facts.site ? atSite : [inCloud])]) {
    const step = check(facts);
    steps.push(step);
    if (!step.ok) break;
  }
  return steps;
}
