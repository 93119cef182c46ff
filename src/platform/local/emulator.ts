import { makeRunClock } from '../../base/clock.ts';
import { within } from '../../base/deadline.ts';
import type { Problem } from '../../base/errors.ts';
import type { ProcessGuard } from '../../base/process-guard.ts';
import { makeRandom } from '../../base/random.ts';
import type { RunEvent } from '../../evidence/event.ts';
import type { RunningLink } from '../../link/link.ts';
import type { EmulatorOrders } from './emulator-orders.ts';
import { Fleet } from './fleet.ts';
import { openFront, pingPath, type RunningFront } from './front-proxy.ts';
import { Instance, type InstanceEnd } from './instance.ts';
import { platformAnswers, type AnswerReason } from './platform-answer.ts';
import { startupProblem } from './startup-problem.ts';

/** How often the queue is looked through: a request is refused at most that late. */
const sweepEveryMs = 20;

/** How long Postgres has to close the last sessions of instances that have ended. */
const linkDrainMs = 500;

/** What the emulator needs of the process it runs in. */
export interface EmulatorSetting {
  readonly orders: EmulatorOrders;
  readonly guard: ProcessGuard;
  readonly onEvent: (event: RunEvent) => void;
}

export interface RunningEmulator {
  readonly url: string;
  readonly pingPath: string;
  stop(graceMs: number): Promise<void>;
}

/** The emulator, or why the service could not be started. Nothing is left of it in that case. */
export type EmulatorStart =
  | { readonly kind: 'started'; readonly emulator: RunningEmulator }
  | { readonly kind: 'failed'; readonly problem: Problem };

/**
 * Deploys the service as Cloud Run does: one instance is started and must pass its startup probe; it stays
 * as a warm idle instance. `whenStoppable` gets the way to stop before that start has ended.
 */
export async function startEmulator(
  setting: EmulatorSetting,
  whenStoppable: (stop: RunningEmulator['stop']) => void,
): Promise<EmulatorStart> {
  const { orders } = setting;
  const links = new Set<RunningLink>();
  const { fleet, nowUs } = makeFleet(setting, links);
  const front = await openFrontOf(setting, fleet, nowUs);
  const timers = [
    setInterval(() => fleet.sweep(), sweepEveryMs),
    setInterval(() => fleet.tick(), orders.rules.scalingTickMs),
  ];
  const stop = (graceMs: number): Promise<void> => stopAll(fleet, front, links, timers, graceMs);
  whenStoppable(stop);

  const failure = await fleet.deploy();
  if (failure !== null) {
    await stop(0);
    return { kind: 'failed', problem: startupProblem(orders.program, failure) };
  }
  fleet.tick();
  return { kind: 'started', emulator: { url: front.url, pingPath, stop } };
}

type ServiceFleet = Fleet<Instance, InstanceEnd>;

function makeFleet(
  { orders, guard, onEvent }: EmulatorSetting,
  links: Set<RunningLink>,
): { readonly fleet: ServiceFleet; readonly nowUs: () => number } {
  const clock = makeRunClock(BigInt(orders.originNs));
  const random = makeRandom(orders.seed, 'platform');
  const setting = {
    orders,
    revision: revisionName(orders),
    clock,
    guard,
    random,
    onEvent,
    onLinkLeft: (link: RunningLink) => {
      links.add(link);
      void link.drain().then(() => links.delete(link));
    },
  };
  let started = 0;
  const fleet: ServiceFleet = new Fleet({
    ...orders.service,
    rules: orders.rules,
    random,
    nowUs: () => clock.nowUs(),
    launch: (reason, watch) => new Instance(setting, `i${(started += 1)}`, reason, watch),
  });
  return { fleet, nowUs: () => clock.nowUs() };
}

function openFrontOf(
  { orders, onEvent }: EmulatorSetting,
  fleet: ServiceFleet,
  nowUs: () => number,
): Promise<RunningFront> {
  return openFront({
    nowUs,
    timeoutUs: orders.service.requestTimeoutMs * 1000,
    maxBodyBytes: orders.rules.maxBodyBytes,
    submit: (exchange) => fleet.request(exchange),
    release: (place) => fleet.release(place),
    onAnswer: (reason: AnswerReason, waitedUs: number) =>
      onEvent({
        t_us: nowUs(),
        kind: 'platform',
        service: orders.service.name,
        status: platformAnswers[reason].status,
        reason,
        waited_us: waitedUs,
      }),
  });
}

async function stopAll(
  fleet: ServiceFleet,
  front: RunningFront,
  links: ReadonlySet<RunningLink>,
  timers: readonly NodeJS.Timeout[],
  graceMs: number,
): Promise<void> {
  for (const timer of timers) clearInterval(timer);
  await fleet.stopAll(graceMs);
  front.close();
  await within(Promise.all([...links].map((link) => link.drain())), linkDrainMs, undefined);
  await Promise.all([...links].map((link) => link.close()));
}

/** `SERVICE-00001-abc`, as Cloud Run names a first revision. */
function revisionName(orders: EmulatorOrders): string {
  const random = makeRandom(orders.seed, 'revision');
  const letters = Array.from({ length: 3 }, () => String.fromCharCode(97 + Math.floor(random() * 26)));
  return `${orders.service.name}-00001-${letters.join('')}`;
}
