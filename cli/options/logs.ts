// The options of the commands that show a log.
import { flag, integer } from '../parse/option.ts';

export const logOptions = {
  follow: flag('--follow -f', 'Go on with what is logged from now on, until the process ends or Ctrl-C.'),
  tail: integer('--tail', 'Only the last so many lines. Default: all.', { min: 0, max: 1_000_000 }),
};
