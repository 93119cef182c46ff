import type { Attempt } from '../../../src/evidence/attempt.ts';
import type { Evidence } from '../../../src/evidence/evidence.ts';
import type { RunEvent } from '../../../src/evidence/event.ts';
import { goodStory, type Story, type StoryFleet } from './evidence-builder.ts';

type At = (ms: number) => number;

/** A deployment as the platform tells it: created, ready, then all traffic moved. */
export function deployment(
  at: At,
  createdMs: number,
  servingMs: number,
  revision = 'r2',
  old = 'r1',
): RunEvent[] {
  const whose = { kind: 'revision', service: 'api' } as const;
  return [
    { ...whose, t_us: at(createdMs), revision, state: 'created', reason: 'a new template' },
    { ...whose, t_us: at(servingMs) - 2, revision, state: 'ready', reason: '1 started' },
    { ...whose, t_us: at(servingMs) - 1, revision: old, state: 'retired', reason: 'traffic', percent: 0 },
    { ...whose, t_us: at(servingMs), revision, state: 'serving', reason: 'traffic', percent: 100 },
  ];
}

/** The first deployment, before load. */
export function firstDeployment(at: At, service = 'api'): RunEvent[] {
  const whose = { kind: 'revision', service, revision: 'r1' } as const;
  return [
    { ...whose, t_us: at(-900), state: 'created', reason: 'a new template' },
    { ...whose, t_us: at(-500), state: 'serving', reason: 'traffic', percent: 100 },
  ];
}

function secondFleet(most: number): StoryFleet {
  return {
    service: 'api',
    revision: 'r2',
    role: 'api_role',
    instancesAt: (ms) => (ms < 18_000 ? 0 : ms < 19_000 ? 1 : 4),
    sessionsAt: (ms) => (ms < 18_200 ? 0 : ms < 19_000 ? 1 : ms < 27_000 ? most : 4),
  };
}

/** 18 s into a run of 55 s a second revision is deployed, and has the traffic a second later. Two fleets fit. */
export const rolloutStory: Story = {
  ...goodStory,
  instancesAt: (ms) => (ms < 15_000 ? 1 : ms < 40_000 ? 4 : 0),
  sessionsAt: (ms) => (ms < 15_000 ? 4 : ms < 25_000 ? 16 : ms < 30_000 ? 4 : 0),
  fleets: [secondFleet(16)],
  happened: (at) => [...firstDeployment(at), ...deployment(at, 18_000, 19_000)],
};

/** One fleet of 64 fits beside the headroom, two do not: Postgres is full half a second after the traffic moved. */
export const tightRolloutStory: Story = {
  ...rolloutStory,
  maxInstances: 8,
  poolMax: 8,
  sessionsAt: (ms) => (ms < 15_000 ? 4 : ms < 25_000 ? 64 : ms < 30_000 ? 4 : 0),
  instancesAt: (ms) => (ms < 15_000 ? 1 : ms < 40_000 ? 8 : 0),
  fleets: [{ ...secondFleet(33), instancesAt: (ms) => (ms < 18_000 ? 0 : 8) }],
  refusedAt: [19_500, 19_700, 20_000],
};

function workerFleet(sessionsAt: StoryFleet['sessionsAt']): StoryFleet {
  return { service: 'worker', revision: 'r1', role: 'worker_role', instancesAt: () => 3, sessionsAt };
}

/** An api and a worker of 3 x 1 x 2 sessions on one database. */
export const sharedStory: Story = {
  ...goodStory,
  services: [{ name: 'worker', maxInstances: 3, poolMax: 2, match: { role: 'worker_role' } }],
  fleets: [workerFleet(() => 6)],
};

/** The worker holds 60 sessions for two seconds: far beyond its line, and into the headroom. */
export const greedyWorkerStory: Story = {
  ...sharedStory,
  fleets: [workerFleet((ms) => (ms >= 18_000 && ms < 20_000 ? 60 : 6))],
};

const wakes = [
  { startMs: 20_000, endMs: 28_000 },
  { startMs: 40_000, endMs: 48_000 },
];

function wakeAt(ms: number): (typeof wakes)[number] | undefined {
  return wakes.find(({ startMs, endMs }) => ms >= startMs && ms < endMs);
}

/** A baseline, then twice: nothing until the fleet is gone, then a wave. After the second one the baseline again. */
export const wakeStory: Story = {
  ...goodStory,
  phases: [
    { name: 'baseline', startMs: 0, endMs: 15_000, ratePerSec: 20, stress: false },
    { name: 'idle-1', startMs: 15_000, endMs: 20_000, ratePerSec: 0, stress: false },
    { name: 'wake-1', startMs: 20_000, endMs: 28_000, ratePerSec: 60, stress: true },
    { name: 'idle-2', startMs: 28_000, endMs: 40_000, ratePerSec: 0, stress: false },
    { name: 'wake-2', startMs: 40_000, endMs: 48_000, ratePerSec: 60, stress: true },
    { name: 'idle-3', startMs: 48_000, endMs: 50_000, ratePerSec: 0, stress: false },
    { name: 'recovery', startMs: 50_000, endMs: 85_000, ratePerSec: 20, stress: false },
  ],
  instancesAt: (ms) => (ms < 17_000 ? 1 : wakeAt(ms - 10) !== undefined ? 4 : ms >= 48_000 ? 1 : 0),
  sessionsAt: (ms) => {
    if (ms < 16_000) return 4;
    const wake = wakeAt(ms - 500);
    if (wake !== undefined && ms < wake.endMs) return 16;
    return ms >= 48_000 ? 4 : 0;
  },
  endAt: (ms, arrival) => {
    const wake = wakeAt(ms);
    if (wake === undefined || arrival % 3 !== 0) return { outcome: 'ok', tookMs: 20 };
    return { outcome: 'shed', tookMs: 12 };
  },
};

/** A policy of three attempts, as a recording has it. */
const threeAttempts: NonNullable<Evidence['run']['client']['policy']> = {
  name: 'custom',
  maxAttempts: 3,
  backoff: { initialMs: 100, maxMs: 1000, multiplier: 2, jitter: 'none' },
  throttledInitialMs: null,
  retryOn: { statuses: [429, 503], connect: true, timeout: true },
  retryAfter: 'ignore',
  budget: null,
  layers: 1,
};

/** What became of one retry, or null where there was none. */
export type RetryEnd = Pick<Attempt, 'outcome'> & { readonly tookMs: number; readonly lagMs?: number };

/** The same run with clients that try again: `retryOf` tells, for a failed attempt, how its retry ended, 100 ms after the first attempt or 200 ms after the second. */
export function withRetries(evidence: Evidence, retryOf: (failed: Attempt) => RetryEnd | null): Evidence {
  const { run, attempts } = evidence;
  const chain = (failed: Attempt): readonly Attempt[] => {
    const end = failed.endedUs === null || failed.outcome === 'ok' ? null : retryOf(failed);
    if (end === null || failed.endedUs === null || failed.attempt >= 3) return [];
    const intendedUs = failed.endedUs + 100_000 * 2 ** (failed.attempt - 1);
    const sentUs = intendedUs + 1000 * (end.lagMs ?? 1);
    const isOpen = end.outcome === 'dropped' || end.outcome === 'unfinished';
    const retry: Attempt = {
      ...failed,
      attempt: failed.attempt + 1,
      intendedUs,
      sentUs,
      endedUs: isOpen ? null : sentUs + 1000 * end.tookMs,
      outcome: end.outcome,
      receivedUs: isOpen ? null : sentUs + 100,
    };
    return [retry, ...chain(retry)];
  };
  const all = attempts.flatMap((first) => [first, ...chain(first)]);
  return {
    ...evidence,
    run: { ...run, client: { ...run.client, retry: 'custom', policy: threeAttempts } },
    attempts: all.sort((a, b) => a.intendedUs - b.intendedUs),
  };
}

/** The same run with a phase in which so many clients wait for their answers: nothing of it was planned. */
export function withClosed(evidence: Evidence, name: string, clients: number, thinkMs: number): Evidence {
  const { run } = evidence;
  const gone = run.phases.find((phase) => phase.name === name)?.arrivals ?? 0;
  return {
    ...evidence,
    run: {
      ...run,
      schedule: { ...run.schedule, planned: run.schedule.planned - gone },
      phases: run.phases.map((phase) =>
        phase.name === name
          ? {
              ...phase,
              ratePerSec: 0,
              rampToPerSec: 0,
              arrivals: 0,
              arrivalsPerRoute: [0],
              closed: { clients, thinkMs },
            }
          : phase,
      ),
    },
  };
}
