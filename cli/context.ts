// What a command may use besides its options, each made when first asked for: a command that only prints help or a
// version loads no HTTP client and reads no file.
import type { Clock } from '../registry-node/clock.ts';
import type { Arm } from './client/arm.ts';
import type { Credential } from './client/credential.ts';
import type { Http } from './client/http.ts';
import type { RegistryId } from './client/registry-id.ts';
import type { RegistryClient, RegistryUser } from './client/registry.ts';
import type { SignIn } from './client/sign-in.ts';
import type { Home } from './home.ts';
import type { Globals } from './parse/globals.ts';
import { ask, cancelled } from './prompt.ts';

export interface Machine {
  readonly process: NodeJS.Process;
  readonly env: NodeJS.ProcessEnv;
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
  readonly clock: Clock;
  readonly home: Home;
}

export interface Context extends Machine {
  /** The command as typed, e.g. `acrc token create`. */
  readonly path: string;
  readonly globals: Globals;
  readonly warn: (text: string) => void;
  /** Told only under --verbose. */
  readonly explain: (text: string) => void;
  /** Goes on when the user agrees or `yes` is given. @throws CliError otherwise */
  confirm(question: string, yes: boolean): Promise<void>;
  /** Shows that something takes time, on a terminal only. */
  during<T>(text: string, work: Promise<T>): Promise<T>;
  credential(): Promise<Credential>;
  http(): Promise<Http>;
  signIn(): Promise<SignIn>;
  arm(): Promise<Arm>;
  subscription(): Promise<string>;
  /** Finds a registry by its name, and by its resource group when that is given. */
  registry(options: { registry: string; group: string | undefined }): Promise<RegistryId>;
  /** The data plane of a registry, signed in as `user` or with the control plane's credential. */
  dataPlane(registry: RegistryId, user?: RegistryUser): Promise<RegistryClient>;
}

export function createContext(machine: Machine, path: string, globals: Globals): Context {
  const { env, stderr, clock, home } = machine;
  const line = (text: string): void => void stderr.write(`${text}\n`);
  const context: Context = {
    ...machine,
    path,
    globals,
    warn: (text) => globals.onlyShowErrors || line(`WARNING: ${text}`),
    explain: (text) => (globals.verbose || globals.debug) && line(`INFO: ${text}`),
    confirm: async (question, yes) => {
      if (!yes && !(await ask(question, machine))) throw cancelled();
    },
    during: (text, work) => withSpinner(text, work, machine, globals),
    credential: once(async () => (await import('./client/credential.ts')).findCredential(env, home)),
    http: once(async () => {
      const { createHttp } = await import('./client/http.ts');
      const { startHint } = await import('./client/credential.ts');
      const { certificateAuthorityFile } = await context.credential();
      const trace = globals.debug ? (text: string) => line(`DEBUG: ${text}`) : undefined;
      return createHttp({ certificateAuthorityFile, clock, trace, unreachableHint: startHint });
    }),
    signIn: once(async () => {
      const { createSignIn } = await import('./client/sign-in.ts');
      return createSignIn(await context.credential(), await context.http(), home, clock);
    }),
    arm: once(async () => {
      const { createArm } = await import('./client/arm.ts');
      const [{ endpoint }, http, signIn] = [
        await context.credential(),
        await context.http(),
        await context.signIn(),
      ];
      return createArm({ endpoint, http, signIn, clock });
    }),
    subscription: once(async () => {
      const { subscriptionId } = await context.credential();
      if (globals.subscription === undefined && subscriptionId !== undefined) return subscriptionId;
      const { findSubscription } = await import('./client/registry-id.ts');
      return (await findSubscription(await context.arm(), globals.subscription)).subscriptionId;
    }),
    registry: async ({ registry, group }) => {
      const { findRegistry } = await import('./client/registry-id.ts');
      const { registryName } = await import('./client/registry-name.ts');
      const name = registryName(registry, context.warn);
      return findRegistry(await context.arm(), await context.subscription(), name, group);
    },
    dataPlane: async (registry, user) => {
      const { openRegistry } = await import('./client/registry.ts');
      return openRegistry(registry, user, context);
    },
  };
  return context;
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
}

async function withSpinner<T>(
  text: string,
  work: Promise<T>,
  machine: Machine,
  globals: Globals,
): Promise<T> {
  // A terminal without a width (a bare pty) would make the spinner erase lines for ever.
  const terminal = machine.stderr.isTTY && machine.stderr.columns > 0;
  const quiet = !terminal || globals.onlyShowErrors || globals.debug;
  if (quiet) return work;
  const { default: ora } = await import('ora');
  const spinner = ora({ text, stream: machine.stderr }).start();
  return work.finally(() => spinner.stop());
}
