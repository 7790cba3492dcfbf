// What a cloud registry remembers of who may do what: nothing is looked up twice, and nothing is remembered past a change.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { assert, describe } from '../../fixtures/describe.ts';
import { makeVerifier } from '../../registry-node/auth/password.ts';
import { systemClock } from '../../registry-node/clock.ts';
import { openSqlite } from '../../registry-node/database/open.ts';
import type { Principal } from '../../registry-node/directory/directory.ts';
import { keyOf, registryId } from '../arm/resource-id.ts';
import { createRoles } from '../identity/roles.ts';
import { openServicePrincipals } from '../identity/service-principals.ts';
import { registryKind, type RegistryProperties } from '../resources/registries/schema.ts';
import { scopeMapKind } from '../resources/scope-maps/schema.ts';
import { tokenKind, type TokenProperties } from '../resources/tokens/schema.ts';
import type { Resource } from '../store/resource.ts';
import { openResources, type Resources } from '../store/resources.ts';
import { migrations, type Tables } from '../store/tables.ts';
import { adminPasswords } from './admin-passwords.ts';
import { type CloudDirectory, createCloudDirectory } from './directory.ts';

const group = '/subscriptions/s/resourceGroups/g';
const id = registryId(group, 'myregistry');
const verifier = makeVerifier('right');
const systemData = {} as Resource<unknown>['systemData'];

describe('the directory of a cloud registry', ({ beforeEach, afterEach, test }) => {
  let folder: string;
  let reads = 0;
  let resources: Resources;
  let directory: CloudDirectory;
  let closeDatabase: () => Promise<void>;

  const registry: Resource<RegistryProperties> = {
    id,
    type: registryKind.type,
    name: 'myregistry',
    sku: 'Premium',
    systemData,
    properties: {
      uid: 'one',
      anonymousPullEnabled: true,
      adminUserEnabled: true,
      adminPasswordGenerations: { password: 0, password2: 0 },
    } as RegistryProperties,
  };
  const scopeMap = (actions: string[]) => ({
    id: `${id}/scopeMaps/map`,
    type: scopeMapKind.type,
    name: 'map',
    systemData,
    properties: { actions },
  });
  const token = (status: TokenProperties['status'] = 'enabled', of = id) => ({
    id: `${of}/tokens/client`,
    type: tokenKind.type,
    name: 'client',
    systemData,
    properties: {
      status,
      scopeMapId: `${id}/scopeMaps/map`,
      passwords: [{ name: 'password1', verifier }],
    },
  });
  const put = (resource: Resource<unknown>, parent = id): Promise<void> =>
    resources.change((change) => change.put(resource, keyOf(parent)));

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'acrc-directory-'));
    const database = await openSqlite<Tables>(join(folder, 'database.sqlite'), migrations);
    closeDatabase = () => database.destroy();
    resources = openResources(database);
    const counted: Resources = {
      ...resources,
      get: (...question) => {
        reads += 1;
        return resources.get(...question);
      },
      list: (...question) => {
        reads += 1;
        return resources.list(...question);
      },
    };
    directory = createCloudDirectory({
      registryKey: keyOf(id),
      resources: counted,
      servicePrincipals: openServicePrincipals(database, systemClock),
      roles: createRoles(resources),
      adminPasswords: adminPasswords(new Uint8Array(32)),
      clock: systemClock,
    });
    await put(registry, group);
    await put(scopeMap(['repositories/app/content/read']));
    await put(token());
    reads = 0;
  });
  afterEach(async () => {
    directory.close();
    await closeDatabase();
    await rm(folder, { recursive: true });
  });

  const principals: Record<string, () => Promise<Principal | undefined>> = {
    'a token': async () => {
      const { name, credential } = await directory.authenticate('client', 'right');
      return directory.principal(name, credential);
    },
    'a stranger': () => directory.anonymous(),
  };
  for (const [who, find] of Object.entries(principals)) {
    test(`looks ${who} up once for any number of requests with a bearer token`, async () => {
      const found = await find();
      reads = 0;
      for (let request = 0; request < 100; request++) {
        const again =
          who === 'a stranger'
            ? await directory.anonymous()
            : await directory.principal(found!.name, found!.credential);
        assert.equal(again?.grants.repository('app', 'content/read'), true);
      }
      assert.equal(reads, 0);
    });
  }

  test('counts every change that may matter, and none of another registry', async () => {
    const before = directory.changes();
    await put(token('disabled', registryId(group, 'another')), registryId(group, 'another'));
    assert.equal(directory.changes(), before);
    await put(token('disabled'));
    assert.equal(directory.changes(), before + 1);
  });

  test('forgets a principal that was being looked up when it changed', async () => {
    const { name, credential } = await directory.authenticate('client', 'right');
    for (let time = 0; time < 20; time++) {
      await put(token('enabled'));
      assert.ok(await directory.principal(name, credential));
      await put(token('enabled'));
      const looking = directory.principal(name, credential);
      await put(token('disabled'));
      await looking;
      assert.equal(await directory.principal(name, credential), undefined);
    }
  });
});
