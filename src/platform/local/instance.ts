import { Pool } from 'undici';
import type { RunClock } from '../../base/clock.ts';
import { sleep } from '../../base/deadline.ts';
import type { ProcessGuard } from '../../base/process-guard.ts';
import type { Random } from '../../base/random.ts';
import type { InstanceEvent, LinkEvent } from '../../evidence/event.ts';
import { startLink, type RunningLink } from '../../link/link.ts';
import type { EmulatorOrders } from './emulator-orders.ts';
import type { FleetInstance, InstanceWatch } from './fleet.ts';
import { freePort } from './free-port.ts';
import { instanceEnv, withPort } from './instance-env.ts';
import { runProcess, type Exit, type ServiceProcess } from './service-process.ts';
import { waitForStartup } from './startup-probe.ts';

/** What the instances of an emulator share. */
export interface InstanceSetting {
  readonly orders: EmulatorOrders;
  readonly revision: string;
  readonly clock: RunClock;
  readonly guard: ProcessGuard;
  readonly random: Random;
  readonly onEvent: (event: InstanceEvent | LinkEvent) => void;
  /** A link whose instance has gone, with sessions that Postgres may still hold. */
  readonly onLinkLeft: (link: RunningLink) => void;
}

/** How an instance came to its end. */
export interface InstanceEnd {
  readonly cause: 'not_started' | 'exited' | 'never_listened' | 'stopped';
  readonly port: number;
  readonly exit: Exit;
}

const neverRan: Exit = { code: null, signal: null, error: null, output: [] };

/** Well below the keep-alive time of any usual server: a connection that it is about to close is not used. */
const keepAliveMs = 1000;

/** One instance of the service: its link to Postgres, its process, and the connections to it. */
export class Instance implements FleetInstance {
  readonly id: string;
  readonly revision: string;
  readonly #setting: InstanceSetting;
  readonly #stopped = new AbortController();
  #reason: string;
  #process: ServiceProcess | null = null;
  #pool: Pool | null = null;

  constructor(setting: InstanceSetting, id: string, reason: string, watch: InstanceWatch<InstanceEnd>) {
    this.id = id;
    this.revision = setting.revision;
    this.#setting = setting;
    this.#reason = reason;
    void this.#live(watch);
  }

  /** Connections to the instance; it must be ready. */
  get pool(): Pool {
    if (this.#pool === null) throw new Error(`instance ${this.id} was used before it was ready`);
    return this.#pool;
  }

  stop(graceMs: number, reason: string): void {
    this.#reason = reason;
    if (!this.#stopped.signal.aborted) this.#emit('stopping');
    this.#stopped.abort();
    // Idle connections would keep a server from closing; those in use end with their answer.
    this.#closePool();
    this.#process?.terminate(graceMs);
  }

  async #live(watch: InstanceWatch<InstanceEnd>): Promise<void> {
    const { clock, orders, random } = this.#setting;
    const startUs = clock.nowUs();
    this.#emit('starting');
    const link = await this.#startLink();
    await sleep(orders.program.startupDelayMs, this.#stopped.signal);
    const port = await freePort(random);
    if (this.#stopped.signal.aborted) {
      this.#end(watch, link, { cause: 'stopped', port, exit: neverRan });
      return;
    }
    const running = this.#run(link, port);
    let left = 0;
    running.onExit(() => (left = link.openSessions()));
    const started = await this.#probe(running, port);
    if (started === 'passed') this.#ready(watch, port, clock.nowUs() - startUs);
    if (started === 'exhausted') running.terminate(0);
    const exit = await running.exited;
    this.#end(watch, link, { cause: this.#causeOf(started, exit), port, exit }, left);
  }

  #startLink(): Promise<RunningLink> {
    const { orders, clock, onEvent } = this.#setting;
    return startLink({ upstream: orders.database, clock, whose: this.#whose(), onEvent });
  }

  #run(link: RunningLink, port: number): ServiceProcess {
    const { orders, guard } = this.#setting;
    const env = instanceEnv({
      ...this.#whose(),
      port,
      database: { ...orders.database, host: link.host, port: link.port },
      declared: orders.program.env,
      own: process.env,
    });
    const command = withPort(orders.program.command, port);
    this.#process = runProcess({ command, cwd: orders.program.cwd, env }, guard);
    return this.#process;
  }

  /** The probe, unless the process ends or is told to stop before it passes. */
  async #probe(running: ServiceProcess, port: number): Promise<'passed' | 'exhausted' | 'ended'> {
    const over = new AbortController();
    this.#stopped.signal.addEventListener('abort', () => over.abort(), { once: true });
    const { clock, orders } = this.#setting;
    const probe = { probe: orders.program.startupProbe, port, clock, signal: over.signal };
    const passed = waitForStartup(probe).then((ok) => (ok ? 'passed' : 'exhausted'));
    const outcome = await Promise.race([running.exited.then(() => 'ended' as const), passed]);
    over.abort();
    return this.#stopped.signal.aborted ? 'ended' : outcome;
  }

  #ready(watch: InstanceWatch<InstanceEnd>, port: number, startupUs: number): void {
    this.#pool = new Pool(`http://127.0.0.1:${port}`, {
      connections: this.#setting.orders.service.concurrency,
      pipelining: 1,
      headersTimeout: 0,
      bodyTimeout: 0,
      keepAliveTimeout: keepAliveMs,
    });
    this.#emit('ready', { startup_us: startupUs });
    watch.ready(startupUs);
  }

  #causeOf(started: 'passed' | 'exhausted' | 'ended', exit: Exit): InstanceEnd['cause'] {
    if (exit.error !== null) return 'not_started';
    if (this.#stopped.signal.aborted) return 'stopped';
    return started === 'exhausted' ? 'never_listened' : 'exited';
  }

  #end(watch: InstanceWatch<InstanceEnd>, link: RunningLink, end: InstanceEnd, sessionsLeft = 0): void {
    // Answers that the process wrote before it ended are still read; new connections fail by themselves.
    this.#closePool();
    this.#setting.onLinkLeft(link);
    if (end.cause !== 'stopped') this.#reason = end.cause.toUpperCase();
    this.#emit(end.cause === 'stopped' ? 'stopped' : 'failed', {
      exit_code: end.exit.code,
      signal: end.exit.signal,
      sessions_left: sessionsLeft,
    });
    watch.ended(end);
  }

  #closePool(): void {
    void this.#pool?.close().catch(() => undefined);
  }

  #whose(): { service: string; revision: string; instance: string } {
    return { service: this.#setting.orders.service.name, revision: this.revision, instance: this.id };
  }

  #emit(state: InstanceEvent['state'], more: Partial<InstanceEvent> = {}): void {
    const { clock, onEvent } = this.#setting;
    onEvent({
      t_us: clock.nowUs(),
      kind: 'instance',
      ...this.#whose(),
      state,
      reason: this.#reason,
      ...more,
    });
  }
}
