// The unmodified az, signed in to a control plane of ours as docs/operations.md says, with a configuration folder of its own.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ControlPlaneCredential } from '../../control-plane/config.ts';
import { missingProgram } from '../../fixtures/clients/installed.ts';
import { succeed } from '../../fixtures/command.ts';
import type { Topology } from '../../fixtures/topology.ts';

export interface Az {
  /** @param line what a user types behind `az`. @throws CommandError when it fails */
  run(line: string): Promise<void>;
}

/** @returns why it cannot be used here, in words */
export async function openAz(topology: Topology): Promise<Az | string> {
  const missing = missingProgram('az');
  if (missing !== undefined) return missing;
  const credential: ControlPlaneCredential = JSON.parse(
    await readFile(join(topology.home, 'credentials.json'), 'utf8'),
  );
  const { endpoint, certificateAuthorityFile, clientId, clientSecret, tenantId } = credential;
  const env = topology.environment({
    AZURE_CONFIG_DIR: await topology.place('azure'),
    AZURE_CORE_INSTANCE_DISCOVERY: 'false',
    AZURE_CORE_COLLECT_TELEMETRY: 'false',
    REQUESTS_CA_BUNDLE: certificateAuthorityFile,
  });
  const run = async (line: string): Promise<void> => void (await succeed('az', line.split(' '), { env }));
  await run(
    `cloud register -n acrc --endpoint-resource-manager ${endpoint} --suffix-acr-login-server-endpoint .localhost`,
  );
  await run('cloud set -n acrc');
  await run(`login --service-principal -u ${clientId} -p ${clientSecret} --tenant ${tenantId}`);
  return { run };
}
