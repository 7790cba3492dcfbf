// `az acr config retention update`. The control plane keeps and shows the policy; untagged manifests stay all the same.
import { command } from '../../../command.ts';
import { failure } from '../../../errors.ts';
import { registryOfChild } from '../../../options/registry.ts';
import { status } from '../../../options/status.ts';
import { choice, text } from '../../../parse/option.ts';
import { present } from '../../registry/switches.ts';
import { updatePolicy } from '../policy.ts';

const daysMax = 365;

export default command({
  options: {
    ...registryOfChild,
    type: choice('--type', 'What the policy is about.', ['UntaggedManifests'], { required: true }),
    days: text('--days', `Days that untagged manifests stay: 0 to ${daysMax}. 7 at first.`),
    status,
  },
  examples: [
    {
      purpose: 'Keep untagged manifests for 30 days.',
      line: 'acrc config retention update -r myregistry --type UntaggedManifests --days 30 --status enabled',
    },
    {
      purpose: 'Keep them for ever.',
      line: 'acrc config retention update -r myregistry --type UntaggedManifests --status disabled',
    },
  ],
  async run({ days: given, status, ...registry }, context) {
    const days = given === undefined ? undefined : Number(given);
    if (days !== undefined && !(Number.isInteger(days) && days >= 0 && days <= daysMax))
      throw failure(`Invalid value for days: should be from 0 to ${daysMax}`);
    return updatePolicy(
      context,
      { name: 'retentionPolicy', registry, premium: true },
      present({ days, status }),
    );
  },
});
