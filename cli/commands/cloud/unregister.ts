// `az cloud unregister`: forgets a control plane; nothing happens to it.
import { removeCloud } from '../../clouds.ts';
import { command } from '../../command.ts';
import { cloudName } from './options.ts';

export default command({
  options: { name: cloudName },
  examples: [
    { purpose: 'Forget a control plane.', line: 'acrc cloud unregister -n site' },
    { purpose: 'Forget it, by its long option.', line: 'acrc cloud unregister --name site' },
  ],
  run: ({ name }, { home }) => removeCloud(home, name),
});
