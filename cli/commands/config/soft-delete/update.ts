// `az acr config soft-delete update`. The control plane keeps and shows the policy; what is deleted is gone all the same.
import { command } from '../../../command.ts';
import { registryOfChild } from '../../../options/registry.ts';
import { status } from '../../../options/status.ts';
import { yes } from '../../../options/yes.ts';
import { integer } from '../../../parse/option.ts';
import { present } from '../../registry/switches.ts';
import { showPolicy, updatePolicy } from '../policy.ts';

export default command({
  options: {
    ...registryOfChild,
    days: integer('--days', 'Days that a deleted image is kept: 1 to 90. 7 at first.', { min: 1, max: 90 }),
    status,
    yes,
  },
  examples: [
    {
      purpose: 'Keep deleted images for 30 days.',
      line: 'acrc config soft-delete update -r myregistry --days 30 --status enabled',
    },
    {
      purpose: 'Keep none.',
      line: 'acrc config soft-delete update -r myregistry --status disabled',
    },
  ],
  async run({ days, status, yes, ...registry }, context) {
    const which = { name: 'softDeletePolicy', registry, premium: false };
    const before = await showPolicy(context, which);
    if (before?.status === 'enabled' && status === 'disabled') {
      context.warn('Images that were deleted before are still purged when their days are over.');
    }
    if (days !== undefined && days < Number(before?.retentionDays)) {
      await context.confirm(
        'With fewer days, images that were deleted before are purged sooner, some of them perhaps at once. ' +
          'Do you wish to proceed?',
        yes,
      );
    }
    return updatePolicy(context, which, present({ retentionDays: days, status }));
  },
});
