// Each kind of full sync, as ARM shows it: a real node below a real control plane, on one clock that is put forward.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { type Cloud, startCloud } from '../../fixtures/cloud.ts';
import { type CloudImages, openImages } from '../../fixtures/cloud-images.ts';
import { gatewayRules, grantsOn } from '../../fixtures/configuration.ts';
import { assert, describe } from '../../fixtures/describe.ts';
import { jumpingClock } from '../../fixtures/jumping-clock.ts';
import { connect, idOf, provision, registry } from '../../fixtures/provisioned-cloud.ts';
import { waitFor } from '../../fixtures/wait-for.ts';
import { type RunningNode, startNode } from '../../registry-node/index.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const name = 'ship1';
/** A small image takes seconds. */
const slowBytesPerSecond = 400;
const resource = `${registry}/connectedRegistries/${name}`;

describe(
  'a full sync',
  (suite) => {
    const clock = jumpingClock();
    /** Its window opens at the full hour after the next. */
    const opens = new Date((Math.floor(clock.now().getTime() / hourMs) + 2) * hourMs);
    const logged: string[] = [];
    let folder: string;
    let cloud: Cloud;
    let images: CloudImages;
    let password: string;
    let endpoint: string;
    let node: RunningNode | undefined;

    const permit = (...repositories: string[]): Promise<unknown> =>
      cloud.arm('PUT', `${registry}/scopeMaps/ship1-map`, {
        properties: { actions: [...gatewayRules(name), ...grantsOn(...repositories)] },
      });
    const board = async (bytesPerSecond?: number): Promise<void> => {
      const connectionString = {
        connectedRegistryName: name,
        syncTokenName: name,
        syncTokenPassword: password,
        parentGatewayEndpoint: endpoint,
        parentEndpointProtocol: 'https' as const,
      };
      const parentAuthorityFile = cloud.credential.certificateAuthorityFile;
      const place = { dataFolder: join(folder, 'ship'), host: '127.0.0.1', port: 0 };
      const logger = pino({}, { write: (line: string) => void logged.push(line) });
      const config = {
        connectionString,
        parentAuthorityFile,
        bytesPerSecond,
        ...place,
        chunkBytes: 65_536,
        transfersMax: 4,
      };
      node = await startNode(config, { logger, clock });
    };
    const passTo = (time: Date): void => {
      clock.jumpTo(time);
      cloud.forgetToken();
    };
    const leave = async (): Promise<void> => {
      await node?.close();
      node = undefined;
    };
    const result = async (): Promise<Record<string, string | undefined>> => {
      const answer = await cloud.arm('GET', `${resource}?api-version=2026-03-01-preview`);
      return answer.at('properties.registrySyncResult') as Record<string, string>;
    };
    const shows = (trigger: string, state: string): Promise<Record<string, string | undefined>> =>
      waitFor(`${trigger} to be ${state}`, async () => {
        const shown = await result();
        if (shown.syncTrigger === trigger && shown.syncState === state) return shown;
        throw new Error(JSON.stringify(shown));
      });
    const succeeds = async (trigger: string): Promise<void> => {
      const { lastSyncStartTime, lastSyncEndTime, lastSuccessfulSyncEndTime } = await shows(
        trigger,
        'Succeeded',
      );
      assert.ok(Date.parse(lastSyncStartTime!) <= Date.parse(lastSyncEndTime!));
      assert.equal(lastSuccessfulSyncEndTime, lastSyncEndTime);
    };
    const windowCloses = (): Promise<unknown> =>
      waitFor('the window to close', () => logged.some((line) => line.includes('the sync window closed')));

    suite.before(async () => {
      folder = await mkdtemp(join(tmpdir(), 'acrc-full-syncs-'));
      cloud = await startCloud({ clock });
      await provision(cloud);
      images = await openImages(cloud, registry);
      await permit('app');
      const [scopeMapId, tokenId] = [`${registry}/scopeMaps/ship1-map`, `${registry}/tokens/ship1`].map(
        (path) => idOf(cloud, path),
      );
      await cloud.arm('PUT', `${registry}/tokens/ship1`, { properties: { scopeMapId } });
      const made = await cloud.arm('POST', `${registry}/generateCredentials`, { tokenId, name: 'password1' });
      password = made.text('passwords.0.value');
      assert.equal((await connect(cloud, name, { tokenId: name })).status, 200);
      endpoint = (await cloud.arm('GET', resource)).text('properties.parent.syncProperties.gatewayEndpoint');
    });
    suite.after(async () => {
      await leave();
      await cloud.close();
      await rm(folder, { recursive: true });
    });

    suite.test('comes first', async () => {
      assert.equal((await result()).syncState, 'NotActivated');
      await images.push('app:v1');
      await board();
      await succeeds('InitialSync');
    });

    suite.test('comes when the sync token may read more', async () => {
      await permit('app', 'tools');
      await succeeds('SyncTokenUpdate');
    });

    suite.test('that somebody wants waits for the window', async () => {
      const syncProperties = { schedule: `0 ${opens.getUTCHours()} * * *`, syncWindow: 'PT1H' };
      await cloud.arm('PATCH', resource, { properties: { syncProperties } });
      await windowCloses();
      assert.equal((await cloud.arm('POST', `${resource}/resync`)).status, 200);
      await shows('ManualResync', 'Pending');
      passTo(new Date(opens.getTime() - 60_000));
      await shows('ManualResync', 'Pending');
      passTo(opens);
      await succeeds('ManualResync');
    });

    suite.test('times out when its window closes over it, and succeeds in the next', async () => {
      await leave();
      await images.push('app:v2');
      assert.equal((await cloud.arm('POST', `${resource}/resync`)).status, 200);
      await shows('ManualResync', 'Pending');
      const [tomorrow, dayAfter] = [1, 2].map((days) => opens.getTime() + days * dayMs);
      passTo(new Date(tomorrow! - hourMs));
      await board(slowBytesPerSecond);
      passTo(new Date(tomorrow!));
      await shows('ManualResync', 'Syncing');
      passTo(new Date(tomorrow! + hourMs));
      const { lastSyncEndTime } = await shows('ManualResync', 'TimedOut');
      assert.equal(Date.parse(lastSyncEndTime!), tomorrow! + hourMs);
      passTo(new Date(dayAfter!));
      await succeeds('ManualResync');
    });

    suite.test('comes to a node that was away for longer than messages live', async () => {
      await leave();
      await images.push('app:v3');
      passTo(new Date(opens.getTime() + 5 * dayMs));
      await board();
      await succeeds('RecoveryService');
    });
  },
  { ordered: true, timeoutMs: 60_000 },
);
