// `acrc node start`: a connected registry on this machine. It waits until the node has taken its name at the parent, or
// keeps trying to because the parent is out of reach.
import { resolve } from 'node:path';
import { nodeDefaults } from '../../../registry-node/config.ts';
import { command } from '../../command.ts';
import { byteSize, rate } from '../../options/byte-size.ts';
import { metricsListen } from '../../options/metrics-listen.ts';
import { parentProxy } from '../../options/proxy.ts';
import { trustedProxies } from '../../options/trusted-proxies.ts';
import { flag, choice, integer, text } from '../../parse/option.ts';
import { logLevels } from '../../process/log.ts';
import { processView } from '../../views/process.ts';
import { startDetached, startHere } from './run.ts';

const megabyte = 1024 * 1024;

export default command({
  description:
    'The connection string comes from `acrc connected-registry get-settings`. Prefer the environment variable: the words ' +
    'of a command are visible to every user of the machine.',
  options: {
    connectionString: text(
      '--connection-string',
      'How it reaches its parent, and as whom. @file reads it, and again when the password is refused.',
      {
        required: true,
        env: 'ACR_REGISTRY_CONNECTION_STRING',
        ask: 'secret',
      },
    ),
    detach: flag('--detach -d', 'Go on in the background once it has started.'),
    name: text('--name -n', 'Name of the process. Default: that of the connected registry.'),
    data: text('--data', 'Folder for all that it keeps. Default: nodes/<name> in ACRC_HOME.', {
      env: 'ACR_REGISTRY_DATA_VOLUME',
    }),
    port: integer(
      '--port',
      'Port to listen on. 0 picks a free one.',
      { min: 0, max: 65_535 },
      { fallback: nodeDefaults.port },
    ),
    host: text('--host', 'Address to listen on.', { fallback: nodeDefaults.host }),
    loginServer: text(
      '--login-server',
      'Host (and port) that clients use, when it is not localhost:<port>.',
      {
        env: 'ACR_REGISTRY_LOGIN_SERVER',
      },
    ),
    trustedProxies,
    tlsCert: text('--tls-cert', 'PEM file of its certificate. Together with --tls-key.'),
    tlsKey: text('--tls-key', 'PEM file of the key of its certificate.'),
    parentCa: text(
      '--parent-ca',
      'PEM file of authorities to trust at the parent. Default: that of the control plane of this ACRC_HOME.',
    ),
    parentProxy,
    chunkSizeMb: integer(
      '--chunk-size-mb',
      'A blob above this is fetched in ranges of it.',
      { min: 1, max: 4096 },
      {
        fallback: nodeDefaults.chunkBytes / megabyte,
        env: 'ACRC_CHUNK_SIZE_MB',
      },
    ),
    maxParallel: integer(
      '--max-parallel',
      'Blobs in transfer at once.',
      { min: 1, max: 64 },
      {
        fallback: nodeDefaults.transfersMax,
        env: 'ACRC_MAX_PARALLEL',
      },
    ),
    bandwidth: rate(
      '--bandwidth',
      'How fast content may pass between it and its parent, both directions together, like 2MB/s or 8Mbit/s.',
      'ACRC_BANDWIDTH',
    ),
    windowBudget: byteSize(
      '--window-budget',
      'How much content may pass between it and its parent in one sync window, like 500MB.',
      'ACRC_WINDOW_BUDGET',
    ),
    dayBudget: byteSize(
      '--day-budget',
      'How much content may pass between it and its parent in a day (UTC), like 2GB.',
      'ACRC_DAY_BUDGET',
    ),
    metricsListen,
    logLevel: choice(
      '--log-level',
      'How much it logs, whatever its resource says. Default: what the resource says.',
      logLevels,
    ),
  },
  examples: [
    {
      purpose: 'Start a node in the background.',
      line: 'acrc node start --connection-string "$CS" --data ./factory1 --port 8080 --detach',
    },
    {
      purpose: 'Start one on a line that is slow and paid for by the byte.',
      line: 'acrc node start --connection-string "$CS" --bandwidth 2Mbit/s --day-budget 2GB --detach',
    },
    {
      purpose: 'Start one in the foreground, configured as a container is.',
      line: 'ACR_REGISTRY_CONNECTION_STRING="$CS" acrc node start',
    },
  ],
  serves: true,
  view: processView,
  async run({ chunkSizeMb, ...options }, context) {
    const settings = {
      ...options,
      chunkBytes: chunkSizeMb * megabyte,
      data: options.data === undefined ? undefined : resolve(options.data),
    };
    return options.detach ? startDetached(settings, context) : startHere(settings, context);
  },
});
