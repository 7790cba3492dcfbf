// What a command may use besides its options, each made when first asked for: a command that only prints help or a
// version loads no HTTP client and reads no file.
import type { Clock } from '../registry-node/clock.ts';
import type { Arm } from './client/arm.ts';
import type { Graph } from './client/graph.ts';
import type { Credential } from './client/credential.ts';
import type { Http } from './client/http.ts';
import type { RegistryId } from './client/registry-id.ts';
import type { RegistryClient, RegistryUser } from './client/registry.ts';
import type { SignIn } from './client/sign-in.ts';
import { failure } from './errors.ts';
import type { Home } from './home.ts';
import { type Changes, createChanges } from './interruption.ts';
import type { Progress } from './output/progress.ts';
import type { Globals } from './parse/globals.ts';
import { ask, cancelled } from './prompt.ts';
import type { Reporter } from './report.ts';

const connectSecondsMax = 300;

export interface Machine {
  /** Its stdin is opened when it is first looked at, which takes 4 ms: only by who reads it. */
  readonly process: NodeJS.Process;
  readonly env: NodeJS.ProcessEnv;
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
  readonly clock: Clock;
  readonly home: Home;
  readonly reporter: Reporter;
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
  /** What is said when Ctrl-C ends the command between two changes. */
  readonly changes: Changes;
  /** Shows that something takes time, on a terminal only. */
  during<T>(text: string, work: Promise<T>): Promise<T>;
  /** Shows how many bytes of how many are done, on a terminal only. */
  counting<T>(text: string, work: (progress: Progress) => Promise<T>): Promise<T>;
  credential(): Promise<Credential>;
  http(): Promise<Http>;
  signIn(): Promise<SignIn>;
  arm(): Promise<Arm>;
  graph(): Promise<Graph>;
  subscription(): Promise<string>;
  /** Finds a registry by its name, and by its resource group when that is given. */
  registry(options: { registry: string; group: string | undefined }): Promise<RegistryId>;
  /** The data plane of a registry, signed in as `user` or with the control plane's credential. */
  dataPlane(registry: RegistryId, user?: RegistryUser): Promise<RegistryClient>;
}

export function createContext(machine: Machine, path: string, globals: Globals): Context {
  const { env, stderr, clock, home, reporter } = machine;
  // A terminal without a width (a bare pty) would make a spinner erase lines for ever.
  const terminal = stderr.isTTY && stderr.columns > 0;
  const quiet = !terminal || globals.onlyShowErrors || globals.debug || globals.errorFormat === 'json';
  const context: Context = {
    ...machine,
    path,
    globals,
    warn: (text) => globals.onlyShowErrors || reporter.warn(text),
    explain: (text) => (globals.verbose || globals.debug) && reporter.note('INFO', text),
    changes: createChanges(machine.process, (error) => reporter.fail(error)),
    confirm: async (question, yes) => {
      if (!yes && !(await ask(question, machine))) throw cancelled();
    },
    during: async (text, work) => {
      if (quiet) return work;
      const { withSpinner } = await import('./output/progress.ts');
      return withSpinner(text, work, stderr);
    },
    counting: async (text, work) => {
      if (quiet) return work({ add: () => {}, expect: () => {}, reach: () => {} });
      const { withBar } = await import('./output/progress.ts');
      return withBar(text, work, machine);
    },
    credential: once(async () => (await import('./client/credential.ts')).findCredential(env, home)),
    http: once(async () => {
      const { createHttp } = await import('./client/http.ts');
      const { certificateAuthorityFile, endpoint, socketPath, unreachableHint } = await context.credential();
      const trace = globals.debug ? (text: string) => reporter.note('DEBUG', text) : undefined;
      const connectMs = connectMsOf(env);
      return createHttp({
        certificateAuthorityFile,
        local: socketPath === undefined ? undefined : { origin: new URL(endpoint).origin, socketPath },
        clock,
        trace,
        unreachableHint,
        ...(connectMs !== undefined && { connectMs }),
      });
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
      return createArm({ endpoint, http, signIn, clock, changes: context.changes });
    }),
    graph: once(async () => {
      const { createGraph } = await import('./client/graph.ts');
      const { endpoint } = await context.credential();
      const [http, signIn] = [await context.http(), await context.signIn()];
      return createGraph({ endpoint, http, signIn, changes: context.changes });
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

/** ACRC_CONNECT_TIMEOUT, in seconds, for links on which the default is too short. */
function connectMsOf({ ACRC_CONNECT_TIMEOUT: given }: NodeJS.ProcessEnv): number | undefined {
  if (!given) return undefined;
  const seconds = Number(given);
  if (seconds > 0 && seconds <= connectSecondsMax) return seconds * 1000;
  throw failure(
    `ACRC_CONNECT_TIMEOUT is '${given}', which is not a number of seconds up to ${connectSecondsMax}.`,
  );
}
