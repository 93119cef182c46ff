import { KnownError, messageOf, type Problem } from '../../../base/errors.ts';
import type { Probe } from '../../../contract/cloud-run/probe.ts';
import type { ContainerSpec } from '../../../contract/cloud-run/revision-spec.ts';
import { containerOrders, type RunOrders } from './container-orders.ts';
import type { Exit, RunningContainer } from './container-run.ts';
import {
  fixedPorts,
  portsAreInOrder,
  standInPort,
  watchFixedPorts,
  type WatchedPorts,
} from './ports/fixed-ports.ts';
import { probePort, type GivenPorts } from './ports/given-ports.ts';
import { watchHealth } from './health-watch.ts';
import type { IdleFreeze } from './idle-freeze.ts';
import type { Ending } from './instance-end.ts';
import type { InstanceOrders, InstanceSetting } from './instance-orders.ts';
import type { PlannedContainer } from './instance-plan.ts';
import type { ProbeTarget } from './probe-look.ts';
import { watchRunDelay } from './run-delay.ts';
import { runProcess } from './service-process.ts';
import { waitForStartup } from './startup-probe.ts';
import type { Surroundings } from './surroundings.ts';

/** What the containers need of their instance. */
export interface ContainersSetting {
  readonly setting: InstanceSetting;
  readonly orders: InstanceOrders;
  readonly around: Surroundings;
  /** Fires when the instance comes to its end, for whatever reason. */
  readonly over: AbortSignal;
  /** A container that brings the instance to its end; only the first one counts. */
  readonly onEnding: (ending: Ending) => void;
  /** In the very moment that one of them ends. */
  readonly onExit: () => void;
}

const loopback = '127.0.0.1';

/** The containers of one instance: started in order, probed, watched, ended together. */
export class Containers {
  readonly #setting: ContainersSetting;
  readonly #running = new Map<string, RunningContainer>();
  #ports: GivenPorts;
  #ending: ((container: RunningContainer) => void) | null = null;

  constructor(setting: ContainersSetting) {
    this.#setting = setting;
    this.#ports = setting.around.ports;
  }

  /** Those that have been started. */
  get running(): Iterable<RunningContainer> {
    return this.#running.values();
  }

  /** Where the requests go. */
  get target(): ProbeTarget {
    const ingress = this.#ingress;
    return this.#reach(ingress, this.#ports[ingress.spec.name] ?? 0);
  }

  portOf(container: string): number | null {
    return this.#ports[container] ?? null;
  }

  /** Where the processes that take no requests were told to listen, by name. */
  get sidecarPorts(): GivenPorts {
    const told = this.#setting.around.plan.containers.flatMap(({ spec: { name, ingress }, source }) => {
      const port = this.#ports[name];
      return ingress || source.kind === 'image' || port === undefined ? [] : [[name, port] as const];
    });
    return Object.fromEntries(told);
  }

  /** Resolves when all have passed their startup probes, or the instance has come to its end. */
  async start(): Promise<void> {
    const { around, orders, onEnding } = this.#setting;
    const runs = new Map<string, RunOrders>();
    for (const planned of around.plan.containers) {
      const { name } = planned.spec;
      try {
        runs.set(name, containerOrders(orders, planned, around, this.#onLineOf(name)));
      } catch (error) {
        onEnding({ cause: 'not_started', container: name, problem: problemOf(error) });
        return;
      }
    }
    const started = new Map<string, Promise<void>>();
    for (const planned of around.plan.containers) {
      const { name, dependsOn } = planned.spec;
      const before = Promise.all(dependsOn.flatMap((other) => started.get(other) ?? []));
      const run = runs.get(name);
      if (run !== undefined)
        started.set(
          name,
          before.then(() => this.#bringUp(planned, run)),
        );
    }
    await Promise.all(started.values());
    const isAsGiven = this.#ports === around.ports;
    if (!this.#isOver() && isAsGiven) portsAreInOrder(orders.spec);
  }

  /** Begins to watch: a failed liveness probe ends the instance; `tell` hears of every change of readiness. */
  watch(freeze: IdleFreeze, tell: (available: boolean) => void): void {
    const { around, setting, over, onEnding } = this.#setting;
    const unready = new Set<string>();
    const watchOne = (spec: ContainerSpec, probe: Probe | null, say: (healthy: boolean) => void): void => {
      if (probe === null) return;
      const target = (): ProbeTarget => this.#probeTarget(spec, probe);
      void watchHealth({ probe, target, clock: setting.clock, signal: over, freeze }, say);
    };
    for (const { spec } of around.plan.containers) {
      watchOne(spec, spec.livenessProbe, (healthy) => {
        if (!healthy) onEnding({ cause: 'liveness_failed', container: spec.name });
      });
      watchOne(spec, spec.readinessProbe, (healthy) => {
        const wasAvailable = unready.size === 0;
        if (healthy) unready.delete(spec.name);
        else unready.add(spec.name);
        if (wasAvailable !== (unready.size === 0)) tell(!wasAvailable);
      });
    }
  }

  /** Ends those that run, and any that Docker may still bring up, in the way given. */
  end(how: (container: RunningContainer) => void): void {
    this.#ending = how;
    for (const container of this.#running.values()) how(container);
  }

  /** Resolves when all have ended: how, by name. */
  async exits(): Promise<ReadonlyMap<string, Exit>> {
    const exits = [...this.#running].map(
      async ([name, container]) => [name, await container.exited] as const,
    );
    return new Map(await Promise.all(exits));
  }

  #isOver(): boolean {
    return this.#setting.over.aborted;
  }

  get #ingress(): PlannedContainer {
    const { containers } = this.#setting.around.plan;
    const found = containers.find(({ spec }) => spec.ingress) ?? containers[0];
    if (found === undefined) throw new Error('an instance without a container');
    return found;
  }

  async #bringUp(planned: PlannedContainer, run: RunOrders): Promise<void> {
    const { onEnding } = this.#setting;
    if (this.#isOver()) return;
    const running = await this.#run(planned.spec.name, run);
    if (running === null || this.#isOver()) return;
    const watched = this.#watchedPorts(planned, running);
    if (await this.#passes(planned.spec, watched)) return;
    const ports = watched === null ? [] : await fixedPorts(watched);
    onEnding({ cause: 'never_listened', container: planned.spec.name, fixedPorts: ports });
  }

  async #run(name: string, run: RunOrders): Promise<RunningContainer | null> {
    const { setting, around, onEnding, onExit } = this.#setting;
    try {
      const running =
        run.kind === 'process'
          ? runProcess(run.orders, setting.guard, (pid) => this.#watchDelay(pid))
          : await around.docker?.run(run.orders);
      if (running === undefined) return null;
      this.#running.set(name, running);
      running.onExit(() => {
        onExit();
        onEnding({ cause: 'exited', container: name });
      });
      void running.exited.then(({ error }) =>
        onEnding({ cause: error === null ? 'exited' : 'not_started', container: name }),
      );
      this.#ending?.(running);
      return running;
    } catch (error) {
      onEnding({ cause: 'not_started', container: name, problem: problemOf(error) });
      return null;
    }
  }

  #watchDelay(pid: number): () => void {
    const { setting, orders } = this.#setting;
    const { clock, onEvent } = setting;
    return watchRunDelay(pid, clock, ({ fromUs, toUs }) =>
      onEvent({ t_us: toUs, kind: 'stall', of: 'instance', from_us: fromUs, instance: orders.id }),
    );
  }

  /** Whether the container passes its startup probe, and listens where it may. */
  async #passes(spec: ContainerSpec, watched: WatchedPorts | null): Promise<boolean> {
    const { setting, over } = this.#setting;
    const probe = spec.startupProbe;
    const started = new AbortController();
    if (watched !== null)
      void watchFixedPorts(watched, AbortSignal.any([over, started.signal]), (ports, looks) =>
        this.#foundFixed(spec, ports, looks),
      );
    const target = (): ProbeTarget => (probe === null ? this.target : this.#probeTarget(spec, probe));
    const passed =
      probe === null || (await waitForStartup({ probe, target, clock: setting.clock, signal: over }));
    started.abort();
    if (passed && watched !== null && this.#mayHaveMore) {
      const ports = await fixedPorts(watched);
      if (ports.length > 0) this.#foundFixed(spec, ports, 0);
    }
    return passed || this.#isOver();
  }

  /** A container of Docker's has all ports of its network to itself. */
  #watchedPorts(
    { spec: container, source }: PlannedContainer,
    running: RunningContainer,
  ): WatchedPorts | null {
    if (source.kind === 'image') return null;
    return { spec: this.#setting.orders.spec, container, running, given: this.#setting.around.ports };
  }

  #foundFixed(spec: ContainerSpec, ports: readonly number[], looks: number): void {
    if (this.#mayHaveMore) {
      this.#setting.onEnding({ cause: 'fixed_port', container: spec.name, fixedPorts: ports });
      return;
    }
    const standIn = spec.ingress ? standInPort(spec, ports, looks) : null;
    if (standIn !== null) this.#ports = { ...this.#ports, [spec.name]: standIn };
  }

  /** Whether the fleet may ever have a second instance. */
  get #mayHaveMore(): boolean {
    const { spec, service } = this.#setting.orders;
    const ofService = service.resource.scaling?.maxInstanceCount ?? 0;
    return Math.min(spec.maxInstances, ofService > 0 ? ofService : Infinity) > 1;
  }

  #probeTarget(spec: ContainerSpec, probe: Probe): ProbeTarget {
    const { plan } = this.#setting.around;
    const planned = plan.containers.find((one) => one.spec === spec) ?? this.#ingress;
    const ports = { given: this.#ports, told: plan.told, ingress: this.#ingress.spec.name };
    return this.#reach(planned, probePort(spec, probe, ports));
  }

  /** How this machine reaches a container's port. */
  #reach({ spec, source }: PlannedContainer, port: number): ProbeTarget {
    const { docker } = this.#setting.around;
    if (source.kind === 'process' || docker === null) return { host: loopback, port };
    const target = { host: docker.address, port: docker.reachedAt(port) };
    // Requests come from outside; a sidecar need only be there for its neighbours.
    return spec.ingress ? target : { ...target, listens: () => docker.listensOn(port) };
  }

  #onLineOf(container: string): (stream: 'stdout' | 'stderr', text: string) => void {
    const { setting, orders } = this.#setting;
    const whose = { service: orders.service.name, revision: orders.revision, instance: orders.id };
    return (stream, text) => setting.onOutput({ ...whose, container, stream, text });
  }
}

function problemOf(error: unknown): Problem {
  const [first] = error instanceof KnownError ? error.problems : [];
  return first ?? { message: messageOf(error) };
}
