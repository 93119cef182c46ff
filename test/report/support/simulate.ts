import { makeRandom, type Random } from '../../../src/base/random.ts';
import type { Attempt, Outcome } from '../../../src/evidence/attempt.ts';
import type { BackendRow } from '../../../src/evidence/dataset/backend-row.ts';
import type { RunEvent } from '../../../src/evidence/event.ts';
import type { Evidence } from '../../../src/evidence/evidence.ts';
import type { RunRecord } from '../../../src/evidence/run-record.ts';
import type { Shape } from './shapes.ts';
import { makeRecord } from './record.ts';

const second = 1_000_000;

/** A made-up run that looks like a real one: the same seed gives the same evidence, to the byte. */
export function simulate(shape: Shape): Evidence {
  const run = makeRecord(shape);
  const random = makeRandom(shape.seed, 'simulate');
  const fleet = scaleOut(shape);
  const links = connect(shape, fleet, random);
  const attempts = answer(shape, run, random);
  const { rows, heads } = sample(shape, run, links, random);
  const events = [
    ...marks(run, shape),
    generator(attempts),
    ...instanceEvents(fleet, run),
    ...links,
    ...heads,
    ...canaries(run),
  ];
  return {
    run,
    attempts: attempts.sort((a, b) => a.intendedUs - b.intendedUs),
    backends: rows,
    events: events.sort((a, b) => a.t_us - b.t_us),
    gaps: [],
  };
}

interface Instance {
  readonly name: string;
  readonly startUs: number;
  readonly readyUs: number;
}

/** One instance before load, the others one by one when the stress begins. */
function scaleOut({ instances, loadStartUs, baselineS, startupMs }: Shape): readonly Instance[] {
  return Array.from({ length: instances }, (_, index) => {
    const startUs =
      index === 0 ? loadStartUs - 1.6 * second : loadStartUs + (baselineS + 0.35 + 0.45 * index) * second;
    return {
      name: `api-00001-${String(index + 1).padStart(2, '0')}`,
      startUs,
      readyUs: startUs + startupMs * 1000,
    };
  });
}

function instanceEvents(fleet: readonly Instance[], run: RunRecord): readonly RunEvent[] {
  const endUs = run.ended.at_us ?? 0;
  return fleet.flatMap(({ name, startUs, readyUs }, index): RunEvent[] => {
    const whose = { kind: 'instance', service: 'api', revision: 'api-00001', instance: name } as const;
    return [
      { ...whose, t_us: startUs, state: 'starting', reason: index === 0 ? 'min instances' : 'autoscaling' },
      {
        ...whose,
        t_us: readyUs,
        state: 'ready',
        reason: 'startup probe passed',
        startup_us: readyUs - startUs,
      },
      { ...whose, t_us: endUs - 400_000, state: 'stopping', reason: 'end of run' },
      {
        ...whose,
        t_us: endUs - 250_000 + index,
        state: 'stopped',
        reason: 'SIGTERM',
        exit_code: 0,
        sessions_left: 0,
      },
    ];
  });
}

type LinkRow = Extract<RunEvent, { kind: 'link' }>;

/** Every instance opens its pool when traffic asks for it; beyond the server's limit it is refused, again and again. */
function connect(shape: Shape, fleet: readonly Instance[], random: Random): LinkRow[] {
  const { loadStartUs, baselineS, stressS, recoveryS, poolMax, sessionCap } = shape;
  const events: LinkRow[] = [];
  const stressUs = loadStartUs + baselineS * second;
  const endUs = loadStartUs + (baselineS + stressS + recoveryS) * second;
  let port = 40_000;
  let open = 0;
  for (const [index, instance] of fleet.entries()) {
    for (let slot = 0; slot < poolMax; slot += 1) {
      const whose = {
        kind: 'link',
        service: 'api',
        revision: 'api-00001',
        instance: instance.name,
        port: (port += 1),
      } as const;
      const wanted =
        index === 0 && slot === 0 ? instance.readyUs + 50_000 : Math.max(stressUs, instance.readyUs);
      const tUs = Math.round(wanted + random() * 300_000);
      events.push({ ...whose, t_us: tUs, what: 'attempt' });
      if (open >= sessionCap) {
        refuse(whose, tUs, stressUs + stressS * second, events, random);
        continue;
      }
      open += 1;
      events.push({
        ...whose,
        t_us: tUs + 4000,
        what: 'session',
        role: 'api_service',
        application_name: 'api',
      });
      const idleUs = stressUs + (stressS + 10) * second + random() * 3 * second;
      const closedUs = Math.round(
        index === 0 && slot === 0 ? endUs + 500_000 : Math.min(idleUs, endUs + 500_000),
      );
      events.push({ ...whose, t_us: closedUs, what: 'close', was_session: true });
    }
  }
  return events;
}

function refuse(
  whose: Pick<LinkRow, 'kind' | 'service' | 'revision' | 'instance' | 'port'>,
  fromUs: number,
  untilUs: number,
  events: LinkRow[],
  random: Random,
): void {
  const message = 'sorry, too many clients already';
  for (let tUs = fromUs; tUs < untilUs; tUs += Math.round(700_000 + random() * 600_000)) {
    if (tUs > fromUs) events.push({ ...whose, t_us: tUs, what: 'attempt' });
    events.push({ ...whose, t_us: tUs + 2500, what: 'refused', sqlstate: '53300', message });
    events.push({ ...whose, t_us: tUs + 2600, what: 'close', was_session: false });
  }
}

function answer(shape: Shape, run: RunRecord, random: Random): Attempt[] {
  const attempts: Attempt[] = [];
  let arrival = 0;
  for (const phase of run.phases) {
    for (let index = 0; index < phase.arrivals; index += 1) {
      const tUs = shape.loadStartUs + phase.startUs + ((index + random()) / phase.ratePerSec) * second;
      attempts.push(oneAttempt({ shape, arrival, phase: phase.name, tUs: Math.round(tUs) }, random));
      arrival += 1;
    }
  }
  return attempts;
}

interface Asked {
  readonly shape: Shape;
  readonly arrival: number;
  readonly phase: string;
  readonly tUs: number;
}

function oneAttempt({ shape, arrival, phase, tUs }: Asked, random: Random): Attempt {
  const lagUs = Math.round(60 + random() ** 6 * 1900);
  const outcome = drawOutcome(shape, phase, random);
  const tookMs = durationMs(shape, phase, outcome, random);
  const isOpen = outcome === 'dropped' || outcome === 'unfinished';
  return {
    arrival,
    attempt: 1,
    client: arrival % 64,
    route: random() < 0.9 ? 'read' : 'write',
    phase,
    intendedUs: tUs,
    sentUs: tUs + lagUs,
    endedUs: isOpen ? null : tUs + lagUs + Math.round(tookMs * 1000),
    status: isOpen ? null : outcome === 'ok' ? 200 : outcome === 'db_error' ? 500 : 503,
    outcome,
    errorCode: outcome === 'ok' ? null : outcome,
    sqlstate: outcome === 'db_error' ? '53300' : null,
    retryAfterMs: outcome === 'shed' ? 1000 : null,
    instance: 'api-00001-01',
    revision: 'api-00001',
    receivedUs: tUs + lagUs + 300,
    acquireUs: null,
    connectUs: null,
    ownUs: null,
    bodyValid: outcome === 'ok' ? true : null,
    bytes: 180,
  };
}

function drawOutcome({ mix }: Shape, phase: string, random: Random): Outcome {
  let left = random();
  for (const [outcome, share] of Object.entries(mix[phase] ?? { ok: 1 }) as [Outcome, number][]) {
    left -= share;
    if (left < 0) return outcome;
  }
  return 'ok';
}

function durationMs({ clientTimeoutMs }: Shape, phase: string, outcome: Outcome, random: Random): number {
  const tail = -Math.log(1 - random());
  switch (outcome) {
    case 'ok':
      return phase === 'burst' ? 60 + 210 * random() + 120 * tail : 9 + 6 * tail;
    case 'shed':
      return 3 + 3 * tail;
    case 'pool_timeout':
      return 1001 + 6 * tail;
    case 'client_timeout':
      return clientTimeoutMs;
    default:
      return 20 + 900 * random() + 300 * tail;
  }
}

function sample(
  { loadStartUs, baselineS, stressS }: Shape,
  run: RunRecord,
  links: readonly LinkRow[],
  random: Random,
): { rows: BackendRow[]; heads: RunEvent[] } {
  const rows: BackendRow[] = [];
  const heads: RunEvent[] = [];
  const everyUs = run.sampling.every_ms * 1000;
  const changes = links
    .filter(({ what, was_session: was }) => what === 'session' || was === true)
    .sort((a, b) => a.t_us - b.t_us);
  let next = 0;
  let open = 0;
  let logins = 100;
  let seen = 0;
  for (
    let tUs = loadStartUs - second;
    tUs < (run.ended.at_us ?? 0);
    tUs += Math.round(everyUs * (0.5 + random()))
  ) {
    for (; (changes[next]?.t_us ?? Infinity) <= tUs; next += 1) {
      open += changes[next]?.what === 'session' ? 1 : -1;
      logins += changes[next]?.what === 'session' ? 1 : 0;
    }
    const stressed =
      tUs > loadStartUs + baselineS * second && tUs < loadStartUs + (baselineS + stressS) * second;
    const parts = split(open, stressed, random);
    for (const [state, count] of parts) if (count > 0) rows.push(row(tUs, state, count));
    heads.push({
      t_us: tUs,
      kind: 'sample',
      ok: true,
      rtt_us: Math.round(900 + random() * 800),
      server_us: 1_700_000_000_000_000 + tUs,
      sessions: logins,
      backends: open,
      fresh: Math.max(0, open - seen),
      young: open,
      starting: 0,
    });
    seen = open;
  }
  return { rows, heads };
}

function split(open: number, stressed: boolean, random: Random): readonly (readonly [string, number])[] {
  const busy = stressed ? Math.round(open * (0.72 + 0.2 * random())) : random() < 0.3 ? Math.min(1, open) : 0;
  const parked = stressed ? Math.round((open - busy) * random() * 0.6) : 0;
  return [
    ['active', busy],
    ['idle in transaction', parked],
    ['idle', open - busy - parked],
  ];
}

function row(tUs: number, state: string, count: number): BackendRow {
  return {
    tUs,
    source: 'sampler',
    service: 'api',
    revision: null,
    instance: null,
    role: 'api_service',
    applicationName: 'api',
    state,
    waitType: state === 'active' ? 'Timeout' : 'Client',
    wait: state === 'active' ? 'PgSleep' : 'ClientRead',
    count,
    maxXactMs: 12,
    maxQueryMs: 12,
    maxStateMs: 40,
  };
}

function canaries(run: RunRecord): readonly RunEvent[] {
  return Array.from({ length: Math.floor((run.ended.at_us ?? 0) / second) }, (_, index) => ({
    t_us: index * second + 137_000,
    kind: 'canary',
    role: 'headroom',
    ok: true,
    connect_us: 6100,
    query_us: 700,
    sqlstate: null,
    error: null,
  }));
}

function generator(attempts: readonly Attempt[]): RunEvent {
  const count = (outcome: Outcome): number => attempts.filter((one) => one.outcome === outcome).length;
  return {
    t_us: Math.max(...attempts.map(({ sentUs }) => sentUs)) + second,
    kind: 'generator',
    lane: 0,
    sent: attempts.length - count('dropped'),
    dropped: count('dropped'),
    unfinished: count('unfinished'),
    lag_p50_us: 80,
    lag_p99_us: 1800,
    lag_max_us: 1960,
    loop_delay_p99_us: 2100,
    loop_delay_max_us: 3300,
    cpu_us: 2_400_000,
  };
}

function marks(run: RunRecord, { loadStartUs }: Shape): readonly RunEvent[] {
  const loadEndUs = loadStartUs + (run.phases.at(-1)?.endUs ?? 0);
  return [
    { t_us: loadStartUs - 500_000, kind: 'ping', n: 200, p50_us: 700, p99_us: 1900 },
    { t_us: loadStartUs, kind: 'mark', name: 'load_start' },
    { t_us: loadEndUs, kind: 'mark', name: 'load_end' },
    { t_us: loadEndUs + 300_000, kind: 'mark', name: 'drain_end' },
  ];
}
