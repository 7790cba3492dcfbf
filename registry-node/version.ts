// The version of the package: what a node reports, and what `acrc --version` prints.
import manifest from '../package.json' with { type: 'json' };

export const version: string = manifest.version;
