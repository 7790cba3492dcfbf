// `az cloud register`: another control plane than the one of this machine, and who signs in there. It is tried before it is
// kept, so that a typing error is found now and not by every command after it.
import { resolve } from 'node:path';
import { anyTenant } from '../../client/credential.ts';
import { keepCloud } from '../../clouds.ts';
import { command } from '../../command.ts';
import type { StoredCloud } from '../../config-store.ts';
import type { Context } from '../../context.ts';
import { failure } from '../../errors.ts';
import { flag, text } from '../../parse/option.ts';
import { cloudName } from './options.ts';

export default command({
  options: {
    name: cloudName,
    endpoint: text(
      '--endpoint --endpoint-resource-manager',
      'Its address, e.g. https://cloud.example.com:4430.',
      {
        required: true,
      },
    ),
    clientId: text('--client-id', 'Client id of a service principal.', {
      required: true,
      env: 'ACRC_CLIENT_ID',
    }),
    clientSecret: text(
      '--client-secret',
      'Its password. Others see the words of a command; the environment they do not.',
      {
        required: true,
        env: 'ACRC_CLIENT_SECRET',
        ask: 'secret',
      },
    ),
    tenantId: text('--tenant-id', 'Its tenant. Default: the one of the control plane.'),
    certificateAuthorityFile: text(
      '--ca-file',
      'The certificate authority of the control plane, a PEM file.',
    ),
    skip: flag('--skip-endpoint-discovery', 'Keep it without trying to sign in.'),
  },
  examples: [
    {
      purpose: 'Register a control plane that is known to the public.',
      line: 'ACRC_CLIENT_SECRET=secret acrc cloud register -n site --endpoint https://cloud.example.com --client-id me --client-secret secret',
    },
    {
      purpose: 'Register one that certifies itself, and that does not run yet.',
      line: 'acrc cloud register -n site --endpoint https://10.0.0.5:4430 --client-id me --client-secret secret --ca-file ca.pem --skip-endpoint-discovery',
    },
  ],
  async run({ name, endpoint, clientId, clientSecret, tenantId, certificateAuthorityFile, skip }, context) {
    const url = URL.parse(endpoint);
    if (!url || !/^https?:$/.test(url.protocol))
      throw failure(`'${endpoint}' is not a URL such as https://cloud.example.com:4430.`);
    const cloud: StoredCloud = {
      endpoint: url.href.replace(/\/+$/, ''),
      clientId,
      clientSecret,
      ...(tenantId !== undefined && { tenantId }),
      ...(certificateAuthorityFile !== undefined && {
        certificateAuthorityFile: resolve(certificateAuthorityFile),
      }),
    };
    if (!skip) await context.during(`Signing in at ${cloud.endpoint}`, trySignIn(context, cloud));
    await keepCloud(context.home, name, cloud);
  },
});

/** @throws CliError when nobody is there, or signs nobody in */
async function trySignIn(context: Context, cloud: StoredCloud): Promise<void> {
  const { createHttp } = await import('../../client/http.ts');
  const { createSignIn } = await import('../../client/sign-in.ts');
  const { certificateAuthorityFile, tenantId = anyTenant, subscriptionId } = cloud;
  const unreachableHint = '--skip-endpoint-discovery keeps it all the same.';
  const { clock, home } = context;
  const http = createHttp({ certificateAuthorityFile, clock, trace: undefined, unreachableHint });
  const credential = { ...cloud, tenantId, subscriptionId, certificateAuthorityFile, unreachableHint };
  await createSignIn(credential, http, home, clock).accessToken(true);
}
