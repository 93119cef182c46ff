import type { Attempt, Outcome } from '../../../src/evidence/attempt.ts';
import type { BackendRow } from '../../../src/evidence/dataset/backend-row.ts';
import type { RunEvent } from '../../../src/evidence/event.ts';
import type { Evidence } from '../../../src/evidence/evidence.ts';
import type { RunRecord } from '../../../src/evidence/run-record.ts';
import { noRetry } from '../../support/no-retry.ts';

/** What a small made-up run is like; times in milliseconds from load start. */
export interface Story {
  readonly maxInstances: number;
  readonly poolMax: number;
  readonly containerConcurrency: number;
  /** The service's sessions in Postgres at a moment, spread over `instancesAt`. */
  readonly sessionsAt: (ms: number) => number;
  readonly instancesAt: (ms: number) => number;
  /** How the arrival of a moment ends. */
  readonly endAt: (ms: number, arrival: number) => { readonly outcome: Outcome; readonly tookMs: number };
  /** Moments at which Postgres refused a connection of the service. */
  readonly refusedAt: readonly number[];
  /** Sessions of somebody else. */
  readonly othersAt: (ms: number) => number;
  /** State of the service's sessions, and for how long the oldest has been in it. */
  readonly stateAt: (ms: number) => { readonly state: string; readonly ageMs: number };
  /** `stalledMs`: how long of that the harness itself could not run. */
  readonly canaryAt: (ms: number) => {
    readonly ok: boolean;
    readonly tookMs: number;
    readonly stalledMs?: number;
  };
  readonly lagMs: number;
  /** Moments at which the sampler was not there. */
  readonly blindFrom: number;
  readonly blindTo: number;
  readonly endedHow: RunRecord['ended']['how'];
  readonly cutAt: number;
  readonly phases: readonly StoryPhase[];
  /** Fleets besides the first revision of the service under test: its later revisions, and other services. */
  readonly fleets: readonly StoryFleet[];
  /** Declared services besides the one under test. */
  readonly services: readonly Partial<RunRecord['contract']['services'][number]>[];
  /** Whatever else happened; times as in the story. */
  readonly happened: (at: (ms: number) => number) => readonly RunEvent[];
}

export interface StoryPhase {
  readonly name: string;
  readonly startMs: number;
  readonly endMs: number;
  readonly ratePerSec: number;
  readonly stress: boolean;
}

/** The instances of one revision and their sessions. */
export interface StoryFleet {
  readonly service: string;
  readonly revision: string;
  readonly role: string;
  readonly sessionsAt: (ms: number) => number;
  readonly instancesAt: (ms: number) => number;
}

const burstPhases: readonly StoryPhase[] = [
  { name: 'baseline', startMs: 0, endMs: 15_000, ratePerSec: 20, stress: false },
  { name: 'burst', startMs: 15_000, endMs: 25_000, ratePerSec: 60, stress: true },
  { name: 'recovery', startMs: 25_000, endMs: 55_000, ratePerSec: 20, stress: false },
];

/** 15 s baseline at 20/s, 10 s stress at 60/s, 30 s recovery at 20/s, all in order and saturated. */
export const goodStory: Story = {
  maxInstances: 4,
  poolMax: 4,
  containerConcurrency: 8,
  sessionsAt: (ms) => (ms >= 15_000 && ms < 25_000 ? 16 : 4),
  instancesAt: (ms) => (ms < 15_000 ? 1 : 4),
  endAt: (ms, arrival) =>
    ms >= 15_000 && ms < 25_000 && arrival % 3 === 0
      ? { outcome: 'shed', tookMs: 12 }
      : { outcome: 'ok', tookMs: 20 + (arrival % 10) },
  refusedAt: [],
  othersAt: () => 0,
  stateAt: () => ({ state: 'active', ageMs: 10 }),
  canaryAt: () => ({ ok: true, tookMs: 8 }),
  lagMs: 1,
  blindFrom: -1,
  blindTo: -1,
  endedHow: 'completed',
  cutAt: Infinity,
  phases: burstPhases,
  fleets: [],
  services: [],
  happened: () => [],
};

/** The unbudgeted shape: 50 instances with pools of 15, and Postgres full from two seconds into the stress. */
export const badStory: Story = {
  ...goodStory,
  maxInstances: 50,
  poolMax: 15,
  containerConcurrency: 80,
  instancesAt: (ms) => (ms < 15_000 ? 1 : Math.min(20, 1 + Math.floor((ms - 15_000) / 200))),
  sessionsAt: (ms) => (ms < 15_000 ? 4 : Math.min(97, 4 + Math.floor((ms - 15_000) / 20))),
  refusedAt: [17_100, 17_300, 18_000, 20_000],
  endAt: (ms, arrival) =>
    ms >= 17_000 && ms < 30_000 && arrival % 2 === 0
      ? { outcome: 'db_error', tookMs: 300 }
      : { outcome: 'ok', tookMs: 30 },
  stateAt: (ms) => ({
    state: 'idle in transaction',
    ageMs: ms < 15_000 ? 100 : Math.min(2500, ms - 14_900),
  }),
  canaryAt: (ms) => (ms >= 17_200 && ms < 25_000 ? { ok: false, tookMs: 5 } : { ok: true, tookMs: 8 }),
};

const everyMs = 200;
const service = 'api';
const role = 'api_role';

/** A run that went as the story tells. `shiftMs` moves all of it on the run's clock. */
export function makeEvidence(changes: Partial<Story> = {}, base: Story = goodStory, shiftMs = 0): Evidence {
  const story = { ...base, ...changes };
  const startUs = 1000 * (3000 + shiftMs);
  const at = (ms: number): number => startUs + Math.round(1000 * ms);
  const until = Math.min(story.cutAt, 1000 + (story.phases.at(-1)?.endMs ?? 0));
  const attempts = makeAttempts(story, at).filter(({ sentUs }) => sentUs <= at(until));
  const samples = makeSamples(story, at, until);
  const events: RunEvent[] = [
    { kind: 'ping', t_us: at(-1000), n: 50, p50_us: 300, p99_us: 800 },
    { kind: 'mark', t_us: at(0), name: 'load_start' },
    ...samples.events,
    ...makeCanaries(story, at, until),
    ...[firstFleet(story), ...story.fleets].flatMap((fleet, index) => makeFleet(fleet, index, at, until)),
    ...makeRefusals(story, at, until),
    ...story.happened(at),
    ...generator(story, at(until)),
  ];
  return {
    run: makeRun(story, startUs, story.endedHow === 'running' ? null : at(until)),
    attempts,
    backends: samples.rows,
    events: events.sort((a, b) => a.t_us - b.t_us),
    gaps: [],
  };
}

function makeRun(story: Story, startUs: number, endedUs: number | null): RunRecord {
  const record: RunRecord = {
    schema_version: 1,
    tool: { name: 'poolproof', version: '0.1.0', node: 'v20.20.2' },
    name: 'made-up',
    started_at: '2026-11-21T00:00:00.000Z',
    machine: { platform: 'linux', arch: 'x64', cpus: 2, memory_bytes: 1e9 },
    seed: 1,
    schedule: {
      hash: 'abc',
      planned: story.phases.reduce((sum, phase) => sum + arrivalsOf(phase), 0),
    },
    arrivals: 'uniform',
    routes: [{ name: 'read', weight: 1, hold_ms: 20 }],
    phases: story.phases.map((phase) => ({
      name: phase.name,
      startUs: 1000 * phase.startMs,
      endUs: 1000 * phase.endMs,
      ratePerSec: phase.ratePerSec,
      rampToPerSec: phase.ratePerSec,
      peakPerSec: phase.ratePerSec,
      shape: `${phase.ratePerSec}/s`,
      process: 'uniform',
      closed: null,
      dispersion: null,
      longRunDispersion: null,
      stress: phase.stress,
      arrivals: arrivalsOf(phase),
      arrivalsPerRoute: [arrivalsOf(phase)],
    })),
    load_start_us: startUs,
    contract: {
      services: [contractOf(story), ...story.services.map((other) => ({ ...contractOf(story), ...other }))],
      headroom: [
        { purpose: 'admin_and_migrations', slots: 10 },
        { purpose: 'other_services', slots: 20 },
      ],
      assumed: [],
    },
    limits: { maxConnections: 100, superuserReserved: 3, reservedConnections: 0 },
    platform: { kind: 'local', profile: 'cloudrun', service },
    postgres: { kind: 'embedded', version: '18.4' },
    sampling: { every_ms: everyMs },
    client: {
      timeout_ms: 20_000,
      deadline_ms: 4000,
      retry: 'none',
      clients: 1,
      connections: 'keep_alive',
      policy: noRetry,
    },
    max_in_flight: 1000,
    accept_overcommit: story.maxInstances * story.poolMax > 67,
    checks: [],
    predictions: [
      { id: 'peak_backends', statement: 'all of the claim', phase: 'burst', value: 16, unit: 'sessions' },
      { id: 'front_queue', statement: 'the last one waits', phase: 'burst', value: 100, unit: 'ms' },
    ],
    database_clock: { offset_us: 0, error_us: 100 },
    ended: { how: story.endedHow, at_us: endedUs, reason: null },
  };
  return record;
}

function arrivalsOf({ startMs, endMs, ratePerSec }: StoryPhase): number {
  return ((endMs - startMs) / 1000) * ratePerSec;
}

function contractOf(story: Story): RunRecord['contract']['services'][number] {
  return {
    name: service,
    maxInstances: story.maxInstances,
    minInstances: 0,
    containerConcurrency: story.containerConcurrency,
    workersPerInstance: 1,
    poolMax: story.poolMax,
    poolMin: 0,
    backgroundSessions: 0,
    rolloutOverlap: 1,
    acquireTimeoutMs: 1000,
    statementTimeoutMs: 2000,
    requestTimeoutMs: 4000,
    match: { role },
  };
}

function makeAttempts(story: Story, at: (ms: number) => number): Attempt[] {
  let arrival = 0;
  return story.phases.flatMap((phase) => {
    const gapMs = 1000 / phase.ratePerSec;
    return Array.from({ length: arrivalsOf(phase) }, (_, index) => {
      const intendedMs = phase.startMs + index * gapMs + gapMs / 2;
      const { outcome, tookMs } = story.endAt(intendedMs, arrival);
      const isOpen = outcome === 'unfinished' || outcome === 'dropped';
      const sentUs = at(intendedMs + story.lagMs);
      const attempt: Attempt = {
        arrival,
        attempt: 1,
        client: 0,
        route: 'read',
        phase: phase.name,
        intendedUs: at(intendedMs),
        sentUs,
        endedUs: isOpen ? null : sentUs + Math.round(1000 * tookMs),
        status: outcome === 'ok' ? 200 : 503,
        outcome,
        errorCode: outcome === 'ok' ? null : outcome,
        sqlstate: null,
        retryAfterMs: outcome === 'shed' || outcome === 'pool_timeout' ? 1000 : null,
        instance: 'i1',
        revision: 'r1',
        receivedUs: outcome === 'client_timeout' || isOpen ? null : sentUs + 100,
        acquireUs: outcome === 'ok' ? 200 : null,
        connectUs: null,
        ownUs: null,
        bodyValid: outcome === 'ok' ? true : null,
        bytes: 10,
      };
      arrival += 1;
      return attempt;
    });
  });
}

function makeSamples(
  story: Story,
  at: (ms: number) => number,
  until: number,
): { readonly rows: BackendRow[]; readonly events: RunEvent[] } {
  const rows: BackendRow[] = [];
  const events: RunEvent[] = [];
  for (let ms = -400; ms <= until; ms += everyMs) {
    if (ms >= story.blindFrom && ms < story.blindTo) continue;
    // Nobody asks before load, and nobody connects.
    const ours = ms < 0 ? 0 : story.sessionsAt(ms);
    const others = story.othersAt(ms);
    const { state, ageMs } = story.stateAt(ms);
    rows.push(makeRow(at(ms), service, role, ours, state, ageMs));
    if (others > 0) rows.push(makeRow(at(ms), null, 'reporting', others, 'active', 10));
    const fleets = story.fleets.map((fleet) => ({ ...fleet, count: ms < 0 ? 0 : fleet.sessionsAt(ms) }));
    for (const fleet of fleets)
      if (fleet.count > 0) rows.push(makeRow(at(ms), fleet.service, fleet.role, fleet.count, 'active', 10));
    const backends = ours + others + fleets.reduce((sum, { count }) => sum + count, 0);
    const before = events.at(-1);
    const known = before?.kind === 'sample' ? (before.backends ?? 0) : 0;
    events.push({
      kind: 'sample',
      t_us: at(ms),
      ok: true,
      rtt_us: 400,
      server_us: at(ms),
      sessions: 1000,
      backends,
      fresh: Math.max(0, backends - known),
      young: backends,
      starting: 0,
    });
  }
  return { rows, events };
}

function makeRow(
  tUs: number,
  owner: string | null,
  as: string,
  count: number,
  state: string,
  ageMs: number,
): BackendRow {
  return {
    tUs,
    source: 'sampler',
    service: owner,
    revision: null,
    instance: null,
    role: as,
    applicationName: null,
    state,
    waitType: 'Client',
    wait: 'ClientRead',
    count,
    maxXactMs: ageMs,
    maxQueryMs: ageMs,
    maxStateMs: ageMs,
  };
}

function makeCanaries(story: Story, at: (ms: number) => number, until: number): RunEvent[] {
  const events: RunEvent[] = [];
  for (let ms = 500; ms <= until; ms += 1000) {
    const { ok, tookMs, stalledMs = 0 } = story.canaryAt(ms);
    const error = ok ? null : 'sorry, too many clients already';
    const sqlstate = ok ? null : '53300';
    events.push(
      {
        kind: 'canary',
        t_us: at(ms),
        role: 'headroom',
        ok,
        connect_us: 1000 * tookMs,
        query_us: 500,
        stalled_us: 1000 * stalledMs,
        sqlstate,
        error,
      },
      makeLog(at(ms), ok ? 'authorized' : 'error', 1_000_000 + ms, null, 'headroom', sqlstate, error ?? 'ok'),
    );
  }
  return events;
}

function firstFleet({ sessionsAt, instancesAt }: Story): StoryFleet {
  return { service, revision: 'r1', role, sessionsAt, instancesAt };
}

interface OpenSession {
  readonly port: number;
  readonly instance: string;
}

/** Instances and their sessions, each with its links' and its log's events; looked at every 20 ms. */
function makeFleet(
  { service: owner, revision, role: as, instancesAt, sessionsAt }: StoryFleet,
  number: number,
  at: (ms: number) => number,
  until: number,
): RunEvent[] {
  const events: RunEvent[] = [];
  const open: OpenSession[] = [];
  const alive: string[] = [];
  const whoseOf = (instance: string): Whose => ({ service: owner, revision, instance });
  let started = 0;
  let port = 20_000 + 10_000 * number;
  const close = (ms: number, session: OpenSession): void => {
    events.push(makeLink(at(ms), 'close', session.port, whoseOf(session.instance)));
    events.push(makeLog(at(ms), 'disconnected', session.port, session.port, as, null, 'disconnection'));
  };
  for (let ms = -800; ms <= until; ms += 20) {
    while (alive.length < instancesAt(ms)) {
      const instance = `${number === 0 ? '' : `${owner}-${revision}-`}i${(started += 1)}`;
      const whose = whoseOf(instance);
      alive.push(instance);
      events.push(
        { kind: 'instance', t_us: at(ms), ...whose, state: 'starting', reason: 'demand' },
        {
          kind: 'instance',
          t_us: at(ms) + 10,
          ...whose,
          state: 'ready',
          reason: 'demand',
          startup_us: 900_000,
        },
      );
    }
    const wanted = ms < 0 ? 0 : sessionsAt(ms);
    while (open.length > wanted) close(ms, open.pop()!);
    while (alive.length > instancesAt(ms))
      events.push({
        kind: 'instance',
        t_us: at(ms),
        ...whoseOf(alive.pop()!),
        state: 'stopped',
        reason: 'idle',
      });
    while (open.length < wanted) {
      const session = { port: (port += 1), instance: leastLoaded(open, alive) };
      open.push(session);
      const whose = whoseOf(session.instance);
      events.push(
        makeLink(at(ms), 'attempt', session.port, whose),
        makeLink(at(ms) + 1, 'session', session.port, whose),
      );
      events.push(makeLog(at(ms) + 1, 'authorized', session.port, session.port, as, null, 'authorized'));
    }
  }
  return events;
}

function makeRefusals(story: Story, at: (ms: number) => number, until: number): RunEvent[] {
  let port = 90_000;
  return story.refusedAt
    .filter((moment) => moment <= until)
    .flatMap((ms) => {
      const whose = { service, revision: 'r1', instance: 'i1' };
      const text = 'sorry, too many clients already';
      port += 1;
      return [
        makeLink(at(ms) - 1, 'attempt', port, whose),
        { ...makeLink(at(ms), 'refused', port, whose), sqlstate: '53300', message: text },
        { ...makeLink(at(ms), 'close', port, whose), was_session: false },
        makeLog(at(ms), 'error', port, port, null, '53300', text),
      ];
    });
}

interface Whose {
  readonly service: string;
  readonly revision: string;
  readonly instance: string;
}

function leastLoaded(open: readonly OpenSession[], alive: readonly string[]): string {
  const loads = alive.map((instance) => ({
    instance,
    count: open.filter((session) => session.instance === instance).length,
  }));
  return loads.reduce((least, next) => (next.count < least.count ? next : least)).instance;
}

function makeLink(
  tUs: number,
  what: 'attempt' | 'session' | 'close' | 'refused',
  port: number,
  whose: Whose,
): Extract<RunEvent, { kind: 'link' }> {
  const base = { kind: 'link', t_us: tUs, ...whose, what } as const;
  return { ...base, port, ...(what === 'close' ? { was_session: true } : {}) };
}

function makeLog(
  tUs: number,
  what: 'authorized' | 'disconnected' | 'error',
  pid: number,
  port: number | null,
  as: string | null,
  sqlstate: string | null,
  message: string,
): RunEvent {
  const severity = what === 'error' ? 'FATAL' : 'LOG';
  return {
    kind: 'log',
    t_us: tUs,
    what,
    severity,
    sqlstate,
    pid,
    port,
    role: as,
    database: 'app',
    application_name: null,
    message,
  };
}

function generator({ lagMs }: Story, tUs: number): RunEvent[] {
  return [
    {
      kind: 'generator',
      t_us: tUs,
      lane: 0,
      sent: 1500,
      dropped: 0,
      unfinished: 0,
      lag_p50_us: 1000 * lagMs,
      lag_p99_us: 1000 * lagMs,
      lag_max_us: 1000 * lagMs,
      loop_delay_p99_us: 2000,
      loop_delay_max_us: 5000,
      cpu_us: 1,
    },
  ];
}
