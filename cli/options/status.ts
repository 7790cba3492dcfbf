// Most policies have one switch.
import { choice } from '../parse/option.ts';

export const status = choice('--status', 'Whether it is in force.', ['enabled', 'disabled']);
