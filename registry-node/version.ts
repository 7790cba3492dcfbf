// The version that a node reports, the same as the package's.
import manifest from '../package.json' with { type: 'json' };

export const version: string = manifest.version;
