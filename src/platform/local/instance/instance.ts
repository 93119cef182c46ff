import type { Pool } from 'undici';
import { sleep } from '../../../base/deadline.ts';
import type { ContainerSpec } from '../../../contract/cloud-run/revision-spec.ts';
import type { InstanceEvent } from '../../../evidence/event.ts';
import type { InstanceWatch } from '../fleet/member.ts';
import type { Exit, RunningContainer } from './container-run.ts';
import { Containers } from './containers.ts';
import { IdleFreeze } from './idle-freeze.ts';
import type { Ending, InstanceEnd } from './instance-end.ts';
import type { InstanceOrders, InstanceSetting } from './instance-orders.ts';
import { makeInstancePool } from './instance-pool.ts';
import type { RunningInstance } from './running-instance.ts';
import { prepare, type Surroundings } from './surroundings.ts';

export type { InstanceEnd };

const neverRan: Exit = { code: null, signal: null, error: null, output: [] };

const killIt = (container: RunningContainer): void => container.kill();

/** One instance of a revision: its containers, what stands around them, and the connections to it. */
export class Instance implements RunningInstance {
  readonly id: string;
  readonly revision: string;
  readonly #setting: InstanceSetting;
  readonly #orders: InstanceOrders;
  readonly #watch: InstanceWatch<InstanceEnd>;
  readonly #over = new AbortController();
  readonly #freeze: IdleFreeze;
  #reason: string;
  #containers: Containers | null = null;
  #pool: Pool | null = null;
  #ending: Ending | null = null;
  #sessionsLeft = 0;
  #killer: NodeJS.Timeout | undefined;

  constructor(setting: InstanceSetting, orders: InstanceOrders, watch: InstanceWatch<InstanceEnd>) {
    this.id = orders.id;
    this.revision = orders.revision;
    this.#setting = setting;
    this.#orders = orders;
    this.#watch = watch;
    this.#reason = orders.reason;
    this.#freeze = new IdleFreeze(setting.idleCpu === 'stop', () => this.#containers?.running ?? []);
    void this.#live();
  }

  get pool(): Pool {
    if (this.#pool === null) throw new Error(`instance ${this.id} was used before it was ready`);
    return this.#pool;
  }

  stop(graceMs: number, reason: string): void {
    if (this.#ending !== null) {
      clearTimeout(this.#killer);
      this.#killer = setTimeout(() => this.#containers?.end(killIt), graceMs);
      return;
    }
    this.#reason = reason;
    this.#emit('stopping');
    this.#bringDown({ cause: 'stopped', container: null }, (container) => container.terminate(graceMs));
  }

  busy(): void {
    this.#freeze.busy();
  }

  idle(): void {
    if (this.#ending === null) this.#freeze.idle();
  }

  kill(): void {
    this.#bringDown({ cause: 'killed', container: null });
  }

  hang(): void {
    this.#freeze.hang();
  }

  resume(): void {
    this.#freeze.resume();
  }

  async #live(): Promise<void> {
    const { clock } = this.#setting;
    const { service, extraDelayMs, failStart } = this.#orders;
    const startUs = clock.nowUs();
    this.#emit('starting');
    const prepared = await prepare(this.#setting, this.#orders);
    if (prepared.kind === 'impossible') {
      this.#bringDown({ cause: 'not_started', container: null, problem: prepared.problem });
      await this.#end(new Map(), () => Promise.resolve());
      return;
    }
    const around = prepared.surroundings;
    await sleep(service.startupDelayMs + extraDelayMs, this.#over.signal);
    if (failStart) this.#bringDown({ cause: 'fail_start', container: null });
    await this.#run(around, startUs);
    await this.#leave(around);
  }

  /** Until the instance has come to its end. */
  async #run(around: Surroundings, startUs: number): Promise<void> {
    const over = this.#over.signal;
    if (over.aborted) return;
    const containers = new Containers({
      setting: this.#setting,
      orders: this.#orders,
      around,
      over,
      onEnding: (ending) => this.#bringDown(ending),
      onExit: () => (this.#sessionsLeft = around.link?.sessionsLeft() ?? 0),
    });
    this.#containers = containers;
    await containers.start();
    if (this.#ending === null) this.#ready(containers, this.#setting.clock.nowUs() - startUs);
    await whenAborted(over);
  }

  #ready(containers: Containers, startupUs: number): void {
    const { host, port } = containers.target;
    this.#pool = makeInstancePool(host, port);
    const ports = containers.sidecarPorts;
    this.#emit('ready', { startup_us: startupUs, ...(Object.keys(ports).length === 0 ? {} : { ports }) });
    containers.watch(this.#freeze, (yes) => this.#watch.available(yes));
    this.#watch.ready(startupUs);
  }

  /** The first reason to end is the one that counts. */
  #bringDown(ending: Ending, how: (container: RunningContainer) => void = killIt): void {
    if (this.#ending !== null) return;
    this.#ending = ending;
    this.#watch.leaving();
    // A stopped process would not hear SIGTERM.
    this.#freeze.busy();
    // Idle connections would keep a server from closing; those in use end with their answer.
    void this.#pool?.close().catch(() => undefined);
    this.#over.abort();
    this.#containers?.end(how);
  }

  async #leave(around: Surroundings): Promise<void> {
    const exits = (await this.#containers?.exits()) ?? new Map<string, Exit>();
    clearTimeout(this.#killer);
    if (around.link !== null) this.#setting.onLinkOrphaned(around.link);
    await this.#end(exits, around.close);
  }

  async #end(exits: ReadonlyMap<string, Exit>, close: () => Promise<void>): Promise<void> {
    const end = this.#endOf(exits);
    if (end.cause !== 'stopped') this.#reason = end.cause.toUpperCase();
    this.#emit(end.cause === 'stopped' ? 'stopped' : 'failed', {
      exit_code: end.exit.code,
      signal: end.exit.signal,
      sessions_left: this.#sessionsLeft,
    });
    await close();
    this.#watch.ended(end);
  }

  #endOf(exits: ReadonlyMap<string, Exit>): InstanceEnd {
    const { containers } = this.#orders.spec;
    const {
      cause,
      container,
      fixedPorts = [],
      problem = null,
    } = this.#ending ?? {
      cause: 'exited' as const,
      container: null,
    };
    const spec =
      containers.find(({ name, ingress }) => (container === null ? ingress : name === container)) ??
      containers[0];
    return {
      cause,
      container: spec.name,
      program: programOf(spec, this.#orders),
      port: this.#containers?.portOf(spec.name) ?? null,
      startupProbe: spec.startupProbe,
      fixedPorts,
      exit: exits.get(spec.name) ?? neverRan,
      problem,
    };
  }

  #emit(state: InstanceEvent['state'], more: Partial<InstanceEvent> = {}): void {
    const { clock, onEvent } = this.#setting;
    const whose = { service: this.#orders.service.name, revision: this.revision, instance: this.id };
    onEvent({ t_us: clock.nowUs(), kind: 'instance', ...whose, state, reason: this.#reason, ...more });
  }
}

function programOf({ name, image, command, args }: ContainerSpec, { service }: InstanceOrders): string {
  const chosen = service.programs[name];
  if (chosen?.kind === 'process') return chosen.command.join(' ');
  return chosen?.image ?? image ?? [...command, ...args].join(' ');
}

function whenAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
