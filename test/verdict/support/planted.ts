import type { Attempt } from '../../../src/evidence/attempt.ts';
import type { BackendRow } from '../../../src/evidence/dataset/backend-row.ts';
import type { RunEvent } from '../../../src/evidence/event.ts';
import type { Evidence } from '../../../src/evidence/evidence.ts';
import { badStory, goodStory, makeEvidence, type Story } from './evidence-builder.ts';
import { greedyWorkerStory, tightRolloutStory } from './stories.ts';

/** Load begins here on the run's clock. */
const startUs = 3_000_000;
const at = (ms: number): number => startUs + 1000 * ms;
const isStress = (ms: number): boolean => ms >= 15_000 && ms < 25_000;
const whose = { service: 'api', revision: 'r1', instance: 'i1' } as const;

/** Each sampled row of the service as something else, by its time. */
function rows(evidence: Evidence, change: (row: BackendRow, ms: number) => Partial<BackendRow>): Evidence {
  const changed = evidence.backends.map((row) =>
    row.service === 'api' ? { ...row, ...change(row, (row.tUs - startUs) / 1000) } : row,
  );
  return { ...evidence, backends: changed };
}

function attempts(evidence: Evidence, change: (one: Attempt, ms: number) => Partial<Attempt>): Evidence {
  const changed = evidence.attempts.map((one) => ({
    ...one,
    ...change(one, (one.intendedUs - startUs) / 1000),
  }));
  return { ...evidence, attempts: changed };
}

function events(evidence: Evidence, more: readonly RunEvent[]): Evidence {
  return { ...evidence, events: [...evidence.events, ...more].sort((a, b) => a.t_us - b.t_us) };
}

const full: Partial<Story> = { canaryAt: badStory.canaryAt, refusedAt: badStory.refusedAt };
const idle = { state: 'idle', waitType: 'Client', wait: 'ClientRead' } as const;

function timedOut(story: Partial<Story> = {}): Evidence {
  return makeEvidence({
    endAt: (ms, arrival) =>
      isStress(ms) && arrival % 3 === 0
        ? { outcome: 'pool_timeout', tookMs: 1005 }
        : { outcome: 'ok', tookMs: 20 },
    ...story,
  });
}

/** One second of transactions for every second of load. */
function work(perSec: (ms: number) => number): RunEvent[] {
  return Array.from({ length: 55 }, (_, second) => ({
    kind: 'work',
    t_us: at(1000 * (second + 1)),
    ...whose,
    from_us: at(1000 * second),
    transactions: perSec(1000 * second),
  }));
}

function link(ms: number, what: 'attempt' | 'session' | 'close' | 'refused', port: number): RunEvent {
  return {
    kind: 'link',
    t_us: at(ms),
    ...whose,
    what,
    port,
    ...(what === 'close' ? { was_session: true } : {}),
  };
}

/** A run in which one thing was wrong, and the diagnosis that has to say so first. */
export interface Planted {
  readonly id: string;
  readonly what: string;
  readonly evidence: () => Evidence;
}

export const planted: readonly Planted[] = [
  {
    id: 'D01',
    what: 'three instances with pools of 30 fill the server',
    evidence: () =>
      makeEvidence(
        {
          maxInstances: 10,
          poolMax: 30,
          instancesAt: () => 3,
          sessionsAt: (ms) => (ms < 15_000 ? 4 : 90),
          stateAt: () => ({ state: 'active', ageMs: 10 }),
        },
        badStory,
      ),
  },
  {
    id: 'D02',
    what: 'fifty instances with pools of 15, twenty of them are enough',
    evidence: () => makeEvidence({}, badStory),
  },
  {
    id: 'D03',
    what: 'no acquire timeout: waits of 5 s, no failure',
    evidence: () =>
      attempts(makeEvidence({ endAt: () => ({ outcome: 'ok', tookMs: 5100 }) }), () => ({
        acquireUs: 5_000_000,
      })),
  },
  {
    id: 'D04',
    what: 'statements of 1.5 s instead of 20 ms, on a budget that fits',
    evidence: () =>
      makeEvidence({
        ...full,
        sessionsAt: (ms) => (isStress(ms) ? 16 : 4),
        stateAt: (ms) => ({ state: 'active', ageMs: isStress(ms) ? 1500 : 20 }),
      }),
  },
  {
    id: 'D05',
    what: 'two processes with a pool of 4 each, one is declared',
    evidence: () =>
      makeEvidence({ instancesAt: () => 4, sessionsAt: (ms) => (ms >= 15_000 && ms < 40_000 ? 32 : 4) }),
  },
  {
    id: 'D06',
    what: 'transactions stay open for 2.5 s while something else is called',
    evidence: () =>
      timedOut({
        ...full,
        stateAt: (ms) => ({ state: 'idle in transaction', ageMs: isStress(ms) ? 2500 : 100 }),
      }),
  },
  {
    id: 'D07',
    what: 'eleven of sixteen sessions never come back to their pools',
    evidence: () => {
      const evidence = rows(timedOut(full), () => ({ ...idle, maxStateMs: 30_000 }));
      const probe = { kind: 'probe', cycle: 1, alive: 4, sent: 16, ok: 5, hold_us: 200_000 } as const;
      return events(evidence, [{ ...probe, t_us: at(54_500), from_us: at(53_000), slowest_us: 1_000_000 }]);
    },
  },
  {
    id: 'D08',
    what: 'requests are cut off after 4 s, their statements run for 9 s',
    evidence: () =>
      makeEvidence({
        endAt: (ms, arrival) =>
          isStress(ms) && arrival % 3 === 0
            ? { outcome: 'deadline', tookMs: 4000 }
            : { outcome: 'ok', tookMs: 20 },
        sessionsAt: (ms) => (ms >= 15_000 && ms < 40_000 ? 16 : 0),
        stateAt: (ms) => ({ state: 'active', ageMs: isStress(ms - 4000) ? 9000 : 10 }),
      }),
  },
  {
    id: 'D09',
    what: 'three transactions for each attempt as soon as some fail',
    evidence: () =>
      events(
        timedOut(full),
        work((ms) => (isStress(ms) ? 180 : 20)),
      ),
  },
  {
    id: 'D11',
    what: 'answers take longer and longer, nobody is turned away',
    evidence: () =>
      makeEvidence({
        ...full,
        endAt: (ms) => ({ outcome: 'ok', tookMs: isStress(ms) ? 20 + (ms - 15_000) * 0.39 : 20 }),
        stateAt: () => ({ state: 'idle', ageMs: 10 }),
        sessionsAt: (ms) => (ms < 0 ? 0 : 4),
        refusedAt: [17_000],
      }),
  },
  {
    id: 'D12',
    what: 'every third answer of the stress is an empty 200',
    evidence: () =>
      attempts(makeEvidence({ ...full, endAt: () => ({ outcome: 'ok', tookMs: 20 }) }), ({ arrival }, ms) =>
        isStress(ms) && arrival % 3 === 0 ? { outcome: 'dishonest', bodyValid: false } : {},
      ),
  },
  {
    id: 'D13',
    what: 'each probe opens a session, every second, before there is any load',
    evidence: () => {
      const beats = Array.from({ length: 20 }, (_, n) => 40_000 + 1000 * n);
      return events(
        makeEvidence({
          ...full,
          phases: goodStory.phases.map((one) =>
            one.name === 'recovery' ? { ...one, endMs: 60_000, ratePerSec: 0 } : one,
          ),
          sessionsAt: (ms) => (isStress(ms) ? 16 : ms < 26_000 ? 4 : 0),
        }),
        beats.flatMap((ms, n) => [
          link(ms, 'attempt', 70_000 + n),
          link(ms + 2, 'session', 70_000 + n),
          link(ms + 9, 'close', 70_000 + n),
        ]),
      );
    },
  },
  {
    id: 'D14',
    what: 'two revisions of 64 sessions each on a server for one',
    evidence: () => makeEvidence({}, tightRolloutStory),
  },
  {
    id: 'D15',
    what: 'all sessions break, and 40 connect within 100 ms',
    evidence: () => {
      const tries = Array.from({ length: 40 }, (_, n) => 18_300 + 2 * n);
      return events(
        makeEvidence({
          ...full,
          refusedAt: [18_310, 18_330, 18_350],
          sessionsAt: (ms) => (ms >= 18_000 && ms < 18_400 ? 0 : isStress(ms) ? 16 : 4),
          stateAt: () => ({ state: 'active', ageMs: 10 }),
        }),
        tries.map((ms, n) => link(ms, 'attempt', 70_000 + n)),
      );
    },
  },
  {
    id: 'D16',
    what: 'the password changes, the service keeps the old one',
    evidence: () =>
      events(
        makeEvidence({
          ...full,
          refusedAt: [],
          canaryAt: goodStory.canaryAt,
          instancesAt: () => 4,
          sessionsAt: (ms) => (ms < 18_000 ? 16 : 8),
          endAt: (ms, arrival) =>
            ms >= 18_000 && arrival % 3 === 0
              ? { outcome: 'db_error', tookMs: 3000 }
              : { outcome: 'ok', tookMs: 20 },
        }),
        Array.from({ length: 30 }, (_, n) => ({
          ...link(18_100 + 300 * n, 'refused', 70_000 + n),
          sqlstate: '28P01',
          message: 'password authentication failed for user "api_role"',
        })),
      ),
  },
  {
    id: 'D17',
    what: 'a worker in the same process works on when nobody asks',
    evidence: () =>
      makeEvidence({
        ...full,
        phases: goodStory.phases.map((one) =>
          one.name === 'recovery' ? { ...one, endMs: 60_000, ratePerSec: 0 } : one,
        ),
        sessionsAt: (ms) => (isStress(ms) ? 16 : 6),
        stateAt: () => ({ state: 'active', ageMs: 400 }),
      }),
  },
  {
    id: 'D18',
    what: 'nine instances where four are allowed',
    evidence: () =>
      makeEvidence({
        instancesAt: (ms) => (ms < 15_000 ? 1 : 9),
        sessionsAt: (ms) => (ms < 15_000 ? 4 : ms < 25_000 ? 36 : 9),
      }),
  },
  {
    id: 'D19',
    what: 'every request connects anew',
    evidence: () => {
      const evidence = makeEvidence({ ...full, sessionsAt: () => 0, instancesAt: () => 4 });
      return events(
        evidence,
        evidence.attempts
          .filter(({ outcome }) => outcome === 'ok')
          .flatMap(({ sentUs, arrival }) => [
            { ...link(0, 'attempt', 100_000 + arrival), t_us: sentUs },
            { ...link(0, 'session', 100_000 + arrival), t_us: sentUs + 3000 },
            { ...link(0, 'close', 100_000 + arrival), t_us: sentUs + 19_000 },
          ]),
      );
    },
  },
  {
    id: 'D20',
    what: 'a migration holds a lock that 14 of 16 sessions wait for',
    evidence: () =>
      events(
        rows(
          timedOut({ ...full, stateAt: (ms) => ({ state: 'active', ageMs: isStress(ms) ? 1500 : 20 }) }),
          (_, ms) => (isStress(ms) ? { waitType: 'Lock', wait: 'relation' } : {}),
        ),
        [17_000, 18_000, 19_000].map((ms) => ({
          kind: 'lock',
          t_us: at(ms),
          waiting: 14,
          waits: [
            {
              pid: 1,
              role: 'api_role',
              application_name: null,
              wait: 'relation',
              waited_ms: 1000,
              blocker_pid: 77,
              blocker_role: 'migrations',
              blocker_application_name: null,
              blocker_state: 'active',
              blocker_xact_ms: ms - 15_000,
            },
          ],
        })),
      ),
  },
  {
    id: 'D22',
    what: 'a load that meets no instance',
    evidence: () =>
      makeEvidence({
        refusedAt: [700],
        instancesAt: (ms) => (ms < 0 ? 0 : 4),
        sessionsAt: (ms) => (ms < 0 ? 0 : 16),
        endAt: (ms) => (ms < 5000 ? { outcome: 'platform', tookMs: 2000 } : { outcome: 'ok', tookMs: 20 }),
      }),
  },
  {
    id: 'D23',
    what: 'another service takes 60 sessions where it may have 6',
    evidence: () => makeEvidence({}, greedyWorkerStory),
  },
  {
    id: 'D24',
    what: 'four instances keep 12 sessions each, one is enough',
    evidence: () => {
      const evidence = makeEvidence({
        ...full,
        maxInstances: 4,
        poolMax: 16,
        instancesAt: () => 4,
        // At first each has only one, as its pool still fills up.
        sessionsAt: (ms) => (ms < 1000 ? 4 : 48),
        stateAt: () => ({ state: 'idle', ageMs: 60_000 }),
      });
      const [first] = evidence.run.contract.services;
      const contract = { ...evidence.run.contract, services: [{ ...first, poolMin: 12 }] as [typeof first] };
      return { ...evidence, run: { ...evidence.run, contract } };
    },
  },
  {
    id: 'D25',
    what: 'the platform turns requests away, the pools never',
    evidence: () =>
      events(
        makeEvidence({
          refusedAt: [17_000],
          endAt: (ms, arrival) =>
            isStress(ms) && arrival % 2 === 0
              ? { outcome: 'platform', tookMs: 10_200 }
              : { outcome: 'ok', tookMs: 20 },
        }),
        Array.from({ length: 20 }, (_, n) => ({
          kind: 'platform',
          t_us: at(16_000 + n),
          service: 'api',
          status: 429,
          reason: 'no instance',
          waited_us: 10_100_000,
        })),
      ),
  },
  {
    id: 'D26',
    what: 'one route in ten holds its session for 1.8 s, always',
    evidence: () =>
      rows(
        attempts(timedOut({ ...full, stateAt: () => ({ state: 'active', ageMs: 1700 }) }), (one) =>
          one.arrival % 10 === 0 && one.outcome === 'ok'
            ? { route: 'report', endedUs: one.sentUs + 1_800_000 }
            : {},
        ),
        () => ({}),
      ),
  },
];
