import { fork, type ChildProcess } from 'node:child_process';
import { within } from '../../base/deadline.ts';
import { entryPath } from '../../base/entry.ts';
import { EnvironmentError, InterruptedError } from '../../base/errors.ts';
import type { ProcessGuard } from '../../base/process-guard.ts';
import type { Platform, PlatformOrders, RunningPlatform } from '../platform.ts';
import type { EmulatorOrders } from './emulator-orders.ts';
import { fromEmulator, type FromEmulator, type ToEmulator } from './messages.ts';
import { OutputTail } from './output-tail.ts';
import { documentedRules, type Rules } from './rules.ts';

/** Beyond the grace given to instances, the emulator has this long to end. */
const stopMarginMs = 3000;

/** The project's own Cloud Run emulator, in a process of its own under the guard given. */
export function makeLocalPlatform(guard: ProcessGuard, rules: Rules = documentedRules): Platform {
  return { start: (orders) => startLocalPlatform(orders, guard, rules) };
}

async function startLocalPlatform(
  orders: PlatformOrders,
  guard: ProcessGuard,
  rules: Rules,
): Promise<RunningPlatform> {
  const isInterrupted = (): boolean => orders.signal.aborted;
  if (isInterrupted()) throw interrupted();
  const emulator = new EmulatorProcess(guard);
  const interrupt = (): void => void emulator.stop(0);
  orders.signal.addEventListener('abort', interrupt, { once: true });
  const first = await emulator.start(emulatorOrders(orders, rules), orders.onEvent);
  orders.signal.removeEventListener('abort', interrupt);
  if (isInterrupted()) {
    await emulator.stop(0);
    throw interrupted();
  }
  if (first.kind === 'started') {
    const { url, pingPath } = first;
    return { url, pingPath, lost: emulator.lost, stop: (graceMs) => emulator.stop(graceMs) };
  }
  await emulator.stop(0);
  throw new EnvironmentError([first.problem]);
}

/** The emulator's process, seen from outside. */
class EmulatorProcess {
  /** Resolves when it ended without being told to. */
  readonly lost: Promise<string>;
  readonly #child: ChildProcess;
  readonly #ended: Promise<string>;
  #told = false;

  constructor(guard: ProcessGuard) {
    const stderr = new OutputTail();
    this.#child = fork(entryPath('platform/local/emulator-main'), [], {
      detached: true,
      execArgv: [],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    const { pid } = this.#child;
    if (pid !== undefined) guard.watch(pid, 'SIGTERM');
    if (this.#child.stderr !== null) stderr.follow(this.#child.stderr);
    this.#ended = new Promise((resolve) => {
      this.#child.once('error', (error) => resolve(error.message));
      this.#child.once('exit', (code, signal) => {
        if (pid !== undefined) guard.release(pid);
        resolve([`the emulator ended (${signal ?? `code ${code}`})`, ...stderr.last(5)].join('\n'));
      });
    });
    this.lost = new Promise((resolve) => {
      void this.#ended.then((how) => {
        if (!this.#told) resolve(how);
      });
    });
  }

  /** Sends the orders; resolves with the service's start or failure. */
  start(orders: EmulatorOrders, onEvent: PlatformOrders['onEvent']): Promise<FirstWord> {
    const word = new Promise<FirstWord>((resolve) => {
      this.#child.on('message', (raw) => {
        const message = fromEmulator.parse(raw);
        if (message.kind === 'events') for (const event of message.events) onEvent(event);
        if (message.kind === 'started') resolve(message);
        if (message.kind === 'failed') resolve({ kind: 'failed', problem: problemOf(message) });
      });
      void this.#ended.then((message) => resolve({ kind: 'failed', problem: { message } }));
    });
    this.#tell({ kind: 'start', orders });
    return word;
  }

  async stop(graceMs: number): Promise<void> {
    this.#told = true;
    this.#tell({ kind: 'stop', graceMs });
    const ended = await within(
      this.#ended.then(() => true),
      graceMs + stopMarginMs,
      false,
    );
    // Its own guard stops the instances when it is gone.
    if (!ended) this.#child.kill('SIGKILL');
    await this.#ended;
  }

  #tell(message: ToEmulator): void {
    // A channel that closes meanwhile means that the process has ended: `#ended` tells.
    if (this.#child.connected) this.#child.send(message, () => undefined);
  }
}

type FirstWord =
  | Extract<FromEmulator, { kind: 'started' }>
  | { readonly kind: 'failed'; readonly problem: { readonly message: string; readonly hint?: string } };

function problemOf(failed: Extract<FromEmulator, { kind: 'failed' }>): { message: string; hint?: string } {
  const { message, hint } = failed;
  return { message, ...(hint === undefined ? {} : { hint }) };
}

function interrupted(): InterruptedError {
  return new InterruptedError([{ message: 'interrupted before the service had started' }]);
}

function emulatorOrders(orders: PlatformOrders, rules: Rules): EmulatorOrders {
  const { target, service, database, clock } = orders;
  const { command, cwd, env, startupDelayMs, startupProbe } = target;
  return {
    service: {
      name: target.service,
      minInstances: service.minInstances,
      maxInstances: service.maxInstances,
      concurrency: service.containerConcurrency,
      requestTimeoutMs: service.requestTimeoutMs,
    },
    program: { command: [...command], cwd, env: { ...env }, startupDelayMs, startupProbe },
    database: { ...database },
    originNs: String(clock.originNs),
    seed: orders.seed ?? 1,
    rules,
  };
}
