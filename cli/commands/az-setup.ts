// Makes the unmodified Azure CLI use this control plane: a cloud of its own, in a configuration folder of its own, so
// that the az of every other shell stays as it is.
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { requireAz, tryAz } from '../az.ts';
import { cloudConfigOf } from '../client/cloud-metadata.ts';
import type { Credential } from '../client/credential.ts';
import { tenantOf } from '../client/tenant.ts';
import { command } from '../command.ts';
import type { Context } from '../context.ts';
import { quoted } from '../output/shell.ts';
import { makePrivateFolder, writePrivateFile } from '../private-folder.ts';
import { flag, text } from '../parse/option.ts';

interface Setup {
  /** For every call of az from then on. */
  exports: Readonly<Record<string, string>>;
  cloudName: string;
  cloudConfig: object;
  clientId: string;
  tenantId: string;
}

export default command({
  description:
    'Prints the commands that do it. With --apply it runs them, and prints only the variables that az needs from then ' +
    'on, for eval.',
  options: {
    apply: flag('--apply', 'Do it: register the cloud, select it and sign in.'),
    configDir: text('--config-dir', 'Configuration folder of az. Default: azure in ACRC_HOME.'),
    cloudName: text('--cloud-name', 'What az calls this cloud.', { fallback: 'acrc' }),
  },
  examples: [
    { purpose: 'Set az up. In a shell: eval "$(acrc az-setup --apply)".', line: 'acrc az-setup --apply' },
    { purpose: 'See what that would do.', line: 'acrc az-setup' },
  ],
  async run({ apply, configDir, cloudName }, context) {
    const credential = await context.credential();
    const setup: Setup = {
      exports: exportsOf(credential, configDir ?? context.home.azureFolder),
      cloudName,
      cloudConfig: await cloudConfigOf(await context.http(), credential.endpoint),
      clientId: credential.clientId,
      tenantId: (await tenantOf(context)).tenantId,
    };
    const exported = Object.entries(setup.exports).map(([name, value]) => `export ${name}=${quoted(value)}`);
    if (apply) await carryOut(context, setup, credential.clientSecret);
    const lines = apply ? exported : [...exported, ...commandsOf(setup)];
    context.stdout.write(`${lines.join('\n')}\n`);
  },
});

function exportsOf({ certificateAuthorityFile }: Credential, configDir: string): Record<string, string> {
  return {
    AZURE_CONFIG_DIR: configDir,
    // az of 2.54 and later would ask the internet whether it knows this control plane.
    AZURE_CORE_INSTANCE_DISCOVERY: 'false',
    ...(certificateAuthorityFile !== undefined && { REQUESTS_CA_BUNDLE: certificateAuthorityFile }),
  };
}

function commandsOf({ cloudName, cloudConfig, clientId, tenantId }: Setup): string[] {
  return [
    `az cloud register -n ${quoted(cloudName)} --cloud-config ${quoted(JSON.stringify(cloudConfig))}`,
    `az cloud set -n ${quoted(cloudName)}`,
    '# ACRC_CLIENT_SECRET: the clientSecret in credentials.json of ACRC_HOME, or the password of a service principal',
    `az login --service-principal -u ${quoted(clientId)} -p "$ACRC_CLIENT_SECRET" --tenant ${quoted(tenantId)}`,
  ];
}

async function carryOut(context: Context, setup: Setup, secret: string): Promise<void> {
  const { cloudName, cloudConfig, clientId, tenantId } = setup;
  const env = { ...context.env, ...setup.exports };
  const folder = setup.exports.AZURE_CONFIG_DIR!;
  makePrivateFolder(folder);
  const config = ['-n', cloudName, '--cloud-config', JSON.stringify(cloudConfig)];
  const work = async (): Promise<void> => {
    if (!(await tryAz(env, ['cloud', 'register', ...config])))
      await requireAz(env, ['cloud', 'update', ...config]);
    await requireAz(env, ['cloud', 'set', '-n', cloudName]);
    // az reads a word from a file when it is told so; its words are visible to everybody on the machine.
    const secretFile = join(folder, `client-secret.${context.process.pid}`);
    try {
      writePrivateFile(secretFile, secret);
      const user = ['--service-principal', '-u', clientId, '-p', `@${secretFile}`, '--tenant', tenantId];
      await requireAz(env, ['login', ...user]);
    } finally {
      await rm(secretFile, { force: true });
    }
  };
  await context.during('Setting az up', work());
}
