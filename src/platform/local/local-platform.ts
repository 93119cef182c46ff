import { fork, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { within } from '../../base/deadline.ts';
import { entryPath } from '../../base/entry.ts';
import { EnvironmentError, InterruptedError } from '../../base/errors.ts';
import type { ProcessGuard } from '../../base/process-guard.ts';
import { hiddenValues } from '../../base/secrets/secrets.ts';
import { isStopped } from '../../base/processes/process-state.ts';
import type { CloudRunAdmin } from '../cloud-run/cloud-run-admin.ts';
import type { EmulatorControl, PlatformOrders, RunningService, ServiceState } from '../platform.ts';
import type { LocalService, LocalTarget } from '../../scenario/target/local-target.ts';
import type { EmulatorOrders, Program, ServiceOrders } from './emulator-orders.ts';
import { emulatorControl, type AdminEndpoint } from './emulator-control.ts';
import { inspectService } from './service-state.ts';
import { fromEmulator, type FromEmulator, type ToEmulator } from './messages.ts';
import { OutputTail } from './instance/output-tail.ts';
import { documentedRules, type Rules } from './rules.ts';

/** How long the emulator may take to end, beyond the grace that instances get. */
const stopMarginMs = 3000;

/** What the Admin API and the metadata server call this machine. */
const place = { project: 'local-project', location: 'local' };

/** Where the emulator listens; 0 for any free port. */
export interface LocalPorts {
  readonly service: number;
  readonly admin: number;
  /** Whether the Admin API speaks gRPC too. */
  readonly grpc: boolean;
}

const anyPorts: LocalPorts = { service: 0, admin: 0, grpc: false };

/** Services under the emulator: everything that the port knows of, and the addresses of the emulator itself. */
export interface RunningLocalService extends RunningService {
  readonly inspect: (service: string) => Promise<ServiceState>;
  readonly admin: () => Promise<CloudRunAdmin>;
  readonly emulator: EmulatorControl;
  readonly pingPath: string;
  readonly warmPath: string;
  /** Where each service that runs here listens, by its name. */
  readonly urls: Readonly<Record<string, string>>;
  readonly endpoint: AdminEndpoint;
}

/** The emulator as a platform. */
export interface LocalPlatform {
  start(orders: PlatformOrders): Promise<RunningLocalService>;
}

/** The project's own Cloud Run emulator, in a process of its own that the guard watches. */
export function makeLocalPlatform(
  target: LocalTarget,
  guard: ProcessGuard,
  rules: Rules = documentedRules,
  ports: LocalPorts = anyPorts,
): LocalPlatform {
  return {
    start: (orders) =>
      startLocalPlatform(orders, target.service, guard, (token) =>
        emulatorOrders(target, orders, rules, ports, token),
      ),
  };
}

async function startLocalPlatform(
  orders: PlatformOrders,
  driven: string,
  guard: ProcessGuard,
  ordersWith: (token: string) => EmulatorOrders,
): Promise<RunningLocalService> {
  const isInterrupted = (): boolean => orders.signal.aborted;
  if (isInterrupted()) throw interrupted();
  const emulator = new EmulatorProcess(guard);
  const interrupt = (): void => void emulator.stop(0);
  orders.signal.addEventListener('abort', interrupt, { once: true });
  const token = randomBytes(24).toString('hex');
  const first = await emulator.start(ordersWith(token), orders);
  orders.signal.removeEventListener('abort', interrupt);
  if (isInterrupted()) {
    await emulator.stop(0);
    throw interrupted();
  }
  if (first.kind === 'started') {
    const { urls, adminUrl, grpc, pingPath, warmPath } = first;
    const endpoint = { ...place, url: adminUrl, grpc, token };
    const control = emulatorControl(endpoint);
    return {
      urls,
      url: urls[driven] ?? '',
      endpoint,
      inspect: (service) => inspectService(control, service),
      admin: onDemand(async () => {
        const { connectAdmin } = await import('../cloud-run/connect-admin.ts');
        return connectAdmin(endpoint);
      }),
      emulator: control,
      disposable: true,
      pingPath,
      warmPath,
      lost: emulator.lost,
      frozen: emulator.frozen,
      stop: (graceMs) => emulator.stop(graceMs),
    };
  }
  await emulator.stop(0);
  throw new EnvironmentError([first.problem]);
}

function onDemand<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | null = null;
  return () => (made ??= make());
}

/** The emulator's process, seen from outside. */
class EmulatorProcess {
  /** Resolves when it ends without having been told to. */
  readonly lost: Promise<string>;
  /** Null when it is gone. */
  readonly frozen = (): boolean | null => (this.#child.pid === undefined ? null : isStopped(this.#child.pid));
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
      const lose = (how: string): void => {
        if (!this.#told) resolve(how);
      };
      void this.#ended.then(lose);
      this.#child.on('message', (raw) => {
        const message = fromEmulator.safeParse(raw).data;
        if (message?.kind === 'leaving') lose(`the emulator ended: ${message.why}`);
      });
    });
  }

  /** Sends the orders; resolves with the service's start or failure. */
  start(
    orders: EmulatorOrders,
    { onEvent, onOutput }: Pick<PlatformOrders, 'onEvent' | 'onOutput'>,
  ): Promise<FirstWord> {
    const word = new Promise<FirstWord>((resolve) => {
      this.#child.on('message', (raw) => {
        const message = fromEmulator.parse(raw);
        if (message.kind === 'events') for (const event of message.events) onEvent(event);
        if (message.kind === 'output') for (const line of message.lines) onOutput?.(line);
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

function emulatorOrders(
  target: LocalTarget,
  { databases, clock, seed }: PlatformOrders,
  rules: Rules,
  ports: LocalPorts,
  token: string,
): EmulatorOrders {
  const { profile, timeScale, idleCpu, slotAfterTimeout } = target.emulation;
  const [first, ...others] = target.services.map((service): ServiceOrders => {
    const { name, resource, programs, cwd, secretFiles, startupDelayMs } = service;
    return {
      name,
      resource,
      programs: Object.fromEntries(
        Object.entries(programs).map(([key, program]) => [key, programOf(program)]),
      ),
      cwd,
      secretFiles: { ...secretFiles },
      startupDelayMs,
      database: databases[name] ?? null,
      port: name === target.service ? ports.service : 0,
    };
  });
  if (first === undefined) throw new TypeError('a target has services');
  return {
    services: [first, ...others],
    profile,
    idleCpu,
    slotAfterTimeout,
    ...place,
    admin: { port: ports.admin, token, grpc: ports.grpc },
    originNs: String(clock.originNs),
    seed: seed ?? 1,
    rules: scaled(rules, timeScale),
    hidden: [...hiddenValues()],
  };
}

function programOf(program: LocalService['programs'][string]): Program {
  if (program.kind === 'process') return { kind: 'process', command: [...program.command] };
  return { kind: 'image', image: program.image, command: [...program.command] };
}

/** Only what idle instances wait for goes faster; everything that a request can feel keeps its time. */
function scaled(rules: Rules, timeScale: number): Rules {
  return {
    ...rules,
    surplusHoldMs: rules.surplusHoldMs / timeScale,
    idleRetentionMs: rules.idleRetentionMs / timeScale,
  };
}
