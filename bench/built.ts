// What is measured is what users run: the package as it is published, built anew from the sources of now.
import { join } from 'node:path';
import { buildPackage, defaultTarget } from '../build/package.ts';
import { Topology } from '../fixtures/topology.ts';

/**
 * @param below where its folder is made
 * @returns a topology that runs the built `acrc`
 */
export async function builtTopology(below?: string): Promise<Topology> {
  await buildPackage(defaultTarget);
  return Topology.create(undefined, { executable: join(defaultTarget, 'acrc.js'), ...(below && { below }) });
}
