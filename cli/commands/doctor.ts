// Looks at all that a control plane and its sites need, and says what is wrong and what mends it.
import { command } from '../command.ts';
import type { Context } from '../context.ts';
import { CliError } from '../errors.ts';
import { checkControlPlane } from '../doctor/control-plane.ts';
import { type Check, type Finding, problem } from '../doctor/finding.ts';
import { checkDocker, checkMachine } from '../doctor/machine.ts';
import { checkRegistries } from '../doctor/registries.ts';
import { verdict } from '../verdict.ts';
import { findingsView } from '../views/finding.ts';

const checks: Readonly<Record<string, Check>> = {
  'control plane': checkControlPlane,
  machine: checkMachine,
  docker: checkDocker,
  registries: checkRegistries,
};

export default command({
  description: 'The exit code is 1 when there is a problem; warnings leave it at 0.',
  options: {},
  examples: [
    { purpose: 'See what is wrong, and what mends it.', line: 'acrc doctor -o table' },
    { purpose: 'Only what is not well.', line: 'acrc doctor --query "[?state != \'ok\']"' },
  ],
  view: findingsView,
  async run(_, context) {
    const findings: Finding[] = [];
    for (const [name, check] of Object.entries(checks)) {
      for await (const finding of carefully(name, check, context)) findings.push(finding);
    }
    verdict(
      context,
      findings.every(({ state }) => state !== 'problem'),
    );
    return findings;
  },
});

/** What ends one check says nothing of the others. */
async function* carefully(name: string, check: Check, context: Context): AsyncGenerator<Finding> {
  try {
    yield* check(context);
  } catch (error) {
    const { message, hint = 'Run again with --debug to see more.' } =
      error instanceof CliError ? error : { message: error instanceof Error ? error.message : String(error) };
    yield problem(name, message, hint);
  }
}
