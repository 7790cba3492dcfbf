// How long a sync window stays open.
import { parse } from 'tinyduration';
import type { Ask } from './question.ts';

const usual = [
  { name: 'One hour', value: 'PT1H' },
  { name: 'Three hours', value: 'PT3H' },
  { name: 'Eight hours', value: 'PT8H' },
  { name: 'Another duration', value: '' },
];

export const askWindow: Ask = async (_option, { person }) => {
  const chosen = await person.choose('How long a sync window stays open:', usual);
  return chosen || person.write('ISO 8601 duration from PT1H to P7D:', refuse);
};

/** The control plane knows the bounds. */
function refuse(text: string): string | undefined {
  try {
    parse(text);
    return undefined;
  } catch {
    return 'It is not an ISO 8601 duration such as PT4H (four hours) or P2D (two days).';
  }
}
