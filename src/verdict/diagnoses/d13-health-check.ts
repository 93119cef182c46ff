import { formatMs, trim } from '../../base/units.ts';
import type { Diagnosis, Finding, Scene } from './shared/diagnosis.ts';
import { waitingOf } from './shared/waiting.ts';
import type { RunFacts } from '../facts/run-facts.ts';
import type { ServiceFacts } from '../facts/service-facts.ts';
import { isWithin, quietSpans, type Span } from '../facts/requests/open-attempts.ts';
import { whatIf } from './shared/what-if.ts';

/*
 * No requests come in, yet every instance connects to the database or works there, at a regular beat: a health check
 * that needs a session. Saturation then fails the check, and a failed check
 * restarts the instance. Under load the restarts are what is seen.
 */

/** The fewest beats that make a rhythm. */
const minBeats = 4;
/** A beat goes on: at least this share of the beats that its rhythm would give until the quiet ends. A pool that fills up stops. */
const lasting = 0.5;
/** Standard deviation over mean of the pauses: below it they are regular. */
const regular = 0.35;

export const healthCheck = {
  id: 'D13',
  title: 'a health check takes up a session',
  question: null,
  diagnose: ({ run, service, results }) =>
    killsUnderLoad(run, service) ?? beatInQuiet({ run, service, results }),
} as const satisfies Diagnosis;

type Seen = Pick<Scene, 'run' | 'service' | 'results'>;

const lever =
  'answer the health check without the database; let readiness look at a state that the service keeps anyway';
const confirm = 'turn the probes off: without traffic nothing may connect, and no instance ends under load';

/** Instances that the platform ended for a failed liveness check, while requests waited for the sessions it needs too. */
function killsUnderLoad(run: RunFacts, service: ServiceFacts): Finding | null {
  const killed = run.evidence.events.flatMap((event) =>
    event.kind === 'instance' && event.service === service.contract.name && event.reason === livenessFailed
      ? [event]
      : [],
  );
  const [first] = killed;
  const waiting = waitingOf(run, service);
  if (first === undefined || waiting === null) return null;
  return {
    confidence: killed.length > 1 ? 'high' : 'medium',
    lever,
    evidence: [
      `${killed.length} instances were ended for a failed liveness check, the first ${first.instance}`,
      `meanwhile ${trim(waiting.requests.waiting, 1)} requests waited for a session on average: a check that needs one waits behind them`,
    ],
    confirm,
    whatIf: [
      whatIf(run, service, 'no session for health checks, no restarts under load (the same claim)', {}),
    ],
  };
}

const livenessFailed = 'LIVENESS_FAILED';

function beatInQuiet({ run, service, results }: Seen): Finding | null {
  const spans = quietSpans(run, service);
  if (spans.length === 0) return null;
  const beats = beatsIn(run, service, spans);
  const [first] = beats;
  if (first === undefined) return null;
  const { contract } = service;
  const isRegular = beats.filter(({ spread }) => spread < regular).length > beats.length / 2;
  if (!isRegular && results.get('B25')?.status !== 'FAIL') return null;
  const quietMs = spans.reduce((sum, span) => sum + span.toUs - span.fromUs, 0) / 1000;
  const most = beats.reduce((sum, { count }) => sum + count, 0);
  return {
    confidence: isRegular && first.what === 'connections' ? 'high' : 'medium',
    lever,
    evidence: [
      `${most} ${first.what} on ${beats.length} instances in ${formatMs(quietMs)} without any request`,
      `one every ${formatMs(first.everyMs)} on ${first.instance}${isRegular ? ', regularly' : ''}`,
    ],
    confirm,
    whatIf: [
      whatIf(
        run,
        service,
        `no session for health checks: up to ${contract.maxInstances} fewer at work, one an instance (the same claim)`,
        {},
      ),
    ],
  };
}

interface Beat {
  readonly instance: string;
  readonly what: 'connections' | 'transactions';
  readonly count: number;
  readonly everyMs: number;
  /** Standard deviation over mean of the pauses. */
  readonly spread: number;
}

/** What every instance did in the quiet, the busiest first; connections where there are any, else transactions. */
function beatsIn(run: RunFacts, service: ServiceFacts, spans: readonly Span[]): readonly Beat[] {
  const { evidence } = run;
  const { contract } = service;
  const opened = new Map<string, number[]>();
  const worked = new Map<string, number[]>();
  for (const event of evidence.events) {
    if (event.kind !== 'link' && event.kind !== 'work') continue;
    if (event.service !== contract.name || !isWithin(spans, event.t_us)) continue;
    if (event.kind === 'link' && event.what === 'attempt') push(opened, event.instance, event.t_us);
    if (event.kind === 'work' && event.transactions > 0) push(worked, event.instance, event.t_us);
  }
  const connections = beatsOf(opened, 'connections', spans, contract.poolMin * contract.workersPerInstance);
  return connections.length > 0 ? connections : beatsOf(worked, 'transactions', spans, 0);
}

/** The first sessions that an instance opens fill its pools to their minimum: `fills` of them. */
function beatsOf(
  times: ReadonlyMap<string, readonly number[]>,
  what: Beat['what'],
  spans: readonly Span[],
  fills: number,
): readonly Beat[] {
  return [...times]
    .flatMap(([instance, all]) => {
      const own = all.slice(fills);
      if (own.length < minBeats) return [];
      const pauses = own.slice(1).map((tUs, index) => (tUs - (own[index] ?? tUs)) / 1000);
      const mean = pauses.reduce((sum, ms) => sum + ms, 0) / pauses.length;
      if (own.length * mean < lasting * quietMsFrom(spans, own[0] ?? 0)) return [];
      const variance = pauses.reduce((sum, ms) => sum + (ms - mean) ** 2, 0) / pauses.length;
      const spread = mean === 0 ? Infinity : Math.sqrt(variance) / mean;
      return [{ instance, what, count: own.length, everyMs: mean, spread }];
    })
    .sort((a, b) => b.count - a.count);
}

/** How long it was quiet from a moment on. */
function quietMsFrom(spans: readonly Span[], tUs: number): number {
  return spans.reduce((sum, { fromUs, toUs }) => sum + Math.max(0, toUs - Math.max(fromUs, tUs)), 0) / 1000;
}

function push(times: Map<string, number[]>, key: string, tUs: number): void {
  const known = times.get(key);
  if (known === undefined) times.set(key, [tUs]);
  else known.push(tUs);
}
