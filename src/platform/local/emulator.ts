import { makeRunClock, wallMs } from '../../base/clock.ts';
import type { Problem } from '../../base/errors.ts';
import type { ProcessGuard } from '../../base/process-guard.ts';
import { makeRandom, type Random } from '../../base/random.ts';
import type { RunEvent } from '../../evidence/event.ts';
import type { AdminBackend } from './admin/admin-backend.ts';
import { startAdminServer, type RunningAdmin } from './admin/admin-server.ts';
import type { EmulatorOrders, ServiceOrders } from './emulator-orders.ts';
import type { OutputLine } from '../platform.ts';
import { Instance } from './instance/instance.ts';
import { readKnativeSpec } from './knative/annotations.ts';
import { knativeTickMs } from './knative/defaults.ts';
import { OrphanedLinks } from './orphaned-links.ts';
import type { Destination } from './request/exchange.ts';
import { pingPath, warmPath } from './request/front-proxy.ts';
import { ManagedService } from './service/managed-service.ts';
import type { ServiceSetting } from './service/service-setting.ts';
import { makeWarmWay } from './service/warm-way.ts';

/** How often the queues are swept: a request is refused at most this late. */
const sweepEveryMs = 20;

/** What the emulator needs of the process it runs in. */
export interface EmulatorSetting {
  readonly orders: EmulatorOrders;
  readonly guard: ProcessGuard;
  readonly onEvent: (event: RunEvent) => void;
  readonly onOutput: (line: OutputLine) => void;
}

export interface RunningEmulator {
  /** By the service's name. */
  readonly urls: Readonly<Record<string, string>>;
  readonly adminUrl: string;
  /** Where the Admin API speaks gRPC; null unless asked for. */
  readonly grpc: { readonly host: string; readonly port: number } | null;
  readonly pingPath: string;
  readonly warmPath: string;
  stop(graceMs: number): Promise<void>;
}

/** The emulator, or why a service could not be started; in that case nothing is left running. */
export type EmulatorStart =
  | { readonly kind: 'started'; readonly emulator: RunningEmulator }
  | { readonly kind: 'failed'; readonly problem: Problem };

/**
 * Deploys every service as Cloud Run does: one instance is started (or the minimum) and must pass its startup
 * probe; it stays as a warm idle instance. `whenStoppable` gets the way to stop before that start has ended.
 */
export async function startEmulator(
  setting: EmulatorSetting,
  whenStoppable: (stop: RunningEmulator['stop']) => void,
): Promise<EmulatorStart> {
  const { orders } = setting;
  const wrong = annotationProblem(orders);
  if (wrong !== null) return { kind: 'failed', problem: wrong };
  const links = new OrphanedLinks();
  const clock = makeRunClock(BigInt(orders.originNs));
  const warm = makeWarmWay(orders.rules, () => clock.nowUs());
  const services = await openServices(setting, links, warm.destination);
  const timers = [
    setInterval(() => services.forEach((service) => service.sweep()), sweepEveryMs),
    setInterval(() => services.forEach((service) => service.tick()), tickMsOf(orders)),
  ];
  let admin: RunningAdmin | null = null;
  const stop = async (graceMs: number): Promise<void> => {
    for (const timer of timers) clearInterval(timer);
    await admin?.close();
    await Promise.all(services.map((service) => service.stopAll(graceMs)));
    await links.close();
    warm.close();
  };
  whenStoppable(stop);
  for (const service of services) {
    const problem = await service.deploy();
    if (problem === null) continue;
    await stop(0);
    return { kind: 'failed', problem };
  }
  admin = await startAdminServer({ backend: backendOf(orders, services), ...orders.admin });
  const urls = Object.fromEntries(services.map(({ name, url }) => [name, url]));
  const { url: adminUrl, grpc } = admin;
  return { kind: 'started', emulator: { urls, adminUrl, grpc, pingPath, warmPath, stop } };
}

function openServices(
  setting: EmulatorSetting,
  links: OrphanedLinks,
  warm: Destination,
): Promise<ManagedService[]> {
  const random = makeRandom(setting.orders.seed, 'platform');
  let instances = 0;
  const nextInstance = (): string => `i${(instances += 1)}`;
  return Promise.all(
    setting.orders.services.map((service) =>
      ManagedService.open(serviceSetting(setting, service, { random, nextInstance, links, warm })),
    ),
  );
}

/** What all services of an emulator share. */
interface Shared {
  readonly random: Random;
  readonly nextInstance: () => string;
  readonly links: OrphanedLinks;
  readonly warm: Destination;
}

function serviceSetting(
  { orders, guard, onEvent, onOutput }: EmulatorSetting,
  service: ServiceOrders,
  { random, nextInstance, links, warm }: Shared,
): ServiceSetting {
  const clock = makeRunClock(BigInt(orders.originNs));
  const { project, location, idleCpu, profile, slotAfterTimeout, rules } = orders;
  const onLinkOrphaned = links.add;
  const instances = { clock, guard, project, location, idleCpu, onEvent, onOutput, onLinkOrphaned };
  return {
    orders: service,
    profile,
    slotAfterTimeout,
    rules,
    clock,
    random,
    seed: orders.seed,
    wallMs,
    makeUid: () => uidOf(random),
    nextInstance,
    launch: (instance, watch) => new Instance(instances, instance, watch),
    warm,
    onEvent,
  };
}

/** Annotations decide how Knative scales: one that makes no sense must not be ignored. */
function annotationProblem({ profile, services }: EmulatorOrders): Problem | null {
  if (profile !== 'knative') return null;
  const problems = services.flatMap(
    ({ resource }) => readKnativeSpec(resource.template.annotations ?? {}).problems,
  );
  return problems[0] ?? null;
}

function tickMsOf({ profile, rules }: EmulatorOrders): number {
  return profile === 'knative' ? knativeTickMs : rules.scalingTickMs;
}

function backendOf({ project, location }: EmulatorOrders, services: readonly ManagedService[]): AdminBackend {
  const find = (name: string): ManagedService | undefined => services.find((one) => one.name === name);
  return {
    project,
    location,
    services: () => services.map((service) => service.state()),
    service: (name) => find(name)?.state() ?? null,
    apply: async (name, wanted) => find(name)?.apply(wanted),
    deleteRevision: async (name, revision) => find(name)?.deleteRevision(revision),
    turn: async (name, knob) => (await find(name)?.turn(knob)) ?? `there is no service ${name}`,
  };
}

/** In the form of a UUID, drawn from the seed like everything else. */
function uidOf(random: Random): string {
  const digits = Array.from({ length: 32 }, () => Math.floor(random() * 16).toString(16)).join('');
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
