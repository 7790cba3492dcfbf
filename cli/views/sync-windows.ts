// How the next sync windows are shown.
import { secondsText } from '../output/bytes.ts';
import { at, column, listAt, timeColumn, type View } from '../output/view.ts';

/** A row per window; a schedule without windows has one that says so. */
export const syncWindowsView: View = {
  columns: {
    STATE: column('state'),
    'OPENS (UTC)': timeColumn('opens'),
    'CLOSES (UTC)': timeColumn('closes'),
    IN: column('in'),
  },
  rows: (result) => {
    if (at(result, 'continuous') === true) return [{ state: 'always open' }];
    const windows = listAt(result, 'windows').map((window) => ({
      state: at(window, 'open') === true ? 'open' : 'closed',
      opens: at(window, 'opens'),
      closes: at(window, 'closes') ?? 'never',
      in: inText(window),
    }));
    return windows.length > 0 ? windows : [{ state: 'never open' }];
  },
};

function inText(window: unknown): string {
  const closes = secondsText(at(window, 'closesInSeconds'));
  if (at(window, 'open') !== true) return `opens in ${secondsText(at(window, 'opensInSeconds'))}`;
  return closes === undefined ? 'stays open' : `closes in ${closes}`;
}
