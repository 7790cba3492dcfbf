// Commands that take something away ask first; scripts say yes beforehand.
import { flag } from '../parse/option.ts';

export const yes = flag('--yes -y', 'Do not prompt for confirmation.');
