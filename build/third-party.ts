// THIRD-PARTY.md: whose work is in the bundle, and under which licence, as those licences ask.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

const licenceFile = /^(licen[cs]e|copying|notice)/i;

interface Description {
  name: string;
  version: string;
  license?: string;
}

/**
 * @param packages their folders, relative to `root`
 * @throws Error when a package says nothing about its licence
 */
export async function thirdParty(root: string, packages: readonly string[]): Promise<string> {
  const sections = await Promise.all(packages.map((folder) => section(join(root, folder))));
  return `# Software of others in acrc\n\n${[...new Set(sections)].join('\n')}`;
}

async function section(folder: string): Promise<string> {
  const { name, version, license }: Description = JSON.parse(
    await readFile(join(folder, 'package.json'), 'utf8'),
  );
  const files = (await readdir(folder)).filter((file) => licenceFile.test(file)).sort();
  if (license === undefined && files.length === 0)
    throw new Error(`${name} names no licence: look before it is published`);
  const texts = await Promise.all(files.map((file) => readFile(join(folder, file), 'utf8')));
  const quoted = texts.map((text) => `\`\`\`\n${text.trim()}\n\`\`\`\n`);
  return [`## ${name} ${version} (${license ?? 'see below'})\n`, ...quoted].join('\n');
}
