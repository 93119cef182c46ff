import { formatMs } from '../../base/units.ts';
import { always, type Bound, type BoundResult } from './shared/bound.ts';
import { blindness, coverageOf, type CoverageNeed } from '../facts/sessions/coverage.ts';
import { forEveryService } from './shared/every-service.ts';
import type { RunFacts } from '../facts/run-facts.ts';
import type { ServiceFacts } from '../facts/service-facts.ts';
import { joinParts } from './shared/parts.ts';
import { judgeAges } from './shared/session-ages.ts';
import { noLoad, result } from './shared/result.ts';

/*
 * A held lock does not tie up the service's sessions. With w(t) of them waiting for a lock:
 *
 *     hard   no wait is older than T_stmt + eps: by then the waiting statement has to be cancelled
 *     hard   w(t) = claim, the whole claim pinned, for no longer than T_stmt + T_acq
 *     soft   w(t) > claim / 2 for no longer than T_acq
 *
 * Postgres says since when a statement has been running, not waiting: a wait is no older than its statement, which has
 * the same limit. A stretch lasts from its first sample to its last, a lower bound of the truth; one sample within
 * the limit separates two stretches. The session at the end of the chain is looked up while there are waits, and named.
 */

interface LockSample {
  readonly tUs: number;
  /** Sessions that wait for a lock. */
  readonly waiting: number;
  /** The oldest statement among them. */
  readonly oldestMs: number;
}

export interface LockInput {
  /** Null where the sampler may not see what sessions wait for. */
  readonly samples: readonly LockSample[] | null;
  readonly claim: number;
  readonly acquireMs: number;
  readonly statementMs: number;
  /** T_stmt + eps. */
  readonly limitMs: number;
  readonly window: { readonly fromUs: number; readonly toUs: number };
  readonly need: CoverageNeed;
  /** Who held the lock around a moment, in words; empty where it was not looked up. */
  readonly rootAt: (tUs: number) => string;
}

interface Stretch {
  readonly fromUs: number;
  readonly toUs: number;
  readonly peak: number;
}

export function judgeLockQueue(input: LockInput): BoundResult {
  const { samples, window, need, limitMs, claim } = input;
  const sights = samples?.map(({ tUs, oldestMs }) => ({ tUs, ageMs: oldestMs })) ?? null;
  const what = 'a session that waited for a lock had been at its statement';
  const aged = judgeAges({ sights, softMs: null, hardMs: limitMs, window, need, what });
  if (samples === null) return aged;
  const old = aged.witness === null ? aged : withRoot(aged, input);
  const pinned = stretchRule(input, claim, input.statementMs + input.acquireMs, 'hard');
  const half = stretchRule(input, Math.floor(claim / 2) + 1, input.acquireMs, 'soft');
  const broken = [old, pinned, half].filter((part) => part?.status === 'FAIL');
  const [first, ...others] = broken.flatMap((part) => part ?? []);
  if (first !== undefined) return joinParts([first, ...others]);
  const blind = blindnessOf(samples, window, need);
  if (blind !== null || aged.status === 'INCONCLUSIVE') return aged;
  const peak = samples.reduce((most, { waiting }) => Math.max(most, waiting), 0);
  const reason =
    peak === 0
      ? 'no session was seen waiting for a lock'
      : `at most ${peak} of ${claim} sessions waited for a lock; ${aged.reason}`;
  return { ...aged, reason };
}

function blindnessOf(
  samples: readonly LockSample[],
  window: LockInput['window'],
  need: CoverageNeed,
): string | null {
  return blindness(
    coverageOf(
      samples.map(({ tUs }) => tUs),
      window.fromUs,
      window.toUs,
      need.holeUs,
    ),
    need,
  );
}

/** At least this many waiting sessions, for longer than this. */
function stretchRule(
  input: LockInput,
  level: number,
  limitMs: number,
  severity: 'hard' | 'soft',
): BoundResult | null {
  const long = stretchesOf(input.samples ?? [], level).find((stretch) => lastedMs(stretch) > limitMs);
  if (long === undefined) return null;
  const seen = `${long.peak} of ${input.claim} sessions waited for locks for ${formatMs(lastedMs(long))}, limit ${formatMs(limitMs)} for ${level} or more`;
  const what = `${seen}${rootWords(input.rootAt(long.fromUs))}`;
  return result({
    status: 'FAIL',
    severity,
    unit: 'ms',
    value: lastedMs(long),
    limit: limitMs,
    reason: what,
    witness: { fromUs: long.fromUs, toUs: long.toUs, what },
    n: input.samples?.length ?? 0,
  });
}

/** Samples in a row at or above a level. */
function stretchesOf(samples: readonly LockSample[], level: number): readonly Stretch[] {
  const stretches: Stretch[] = [];
  let isParted = true;
  for (const { tUs, waiting } of samples) {
    const last = stretches.at(-1);
    if (waiting >= level && !isParted && last !== undefined)
      stretches[stretches.length - 1] = { ...last, toUs: tUs, peak: Math.max(last.peak, waiting) };
    else if (waiting >= level) stretches.push({ fromUs: tUs, toUs: tUs, peak: waiting });
    isParted = waiting < level;
  }
  return stretches;
}

function withRoot(aged: BoundResult, { rootAt }: LockInput): BoundResult {
  if (aged.witness === null) return aged;
  const root = rootWords(rootAt(aged.witness.toUs));
  return {
    ...aged,
    reason: `${aged.reason}${root}`,
    witness: { ...aged.witness, what: `${aged.witness.what}${root}` },
  };
}

function rootWords(root: string): string {
  return root === '' ? '' : `; held by ${root}`;
}

function lastedMs({ fromUs, toUs }: Stretch): number {
  return (toUs - fromUs) / 1000;
}

function judgeOne(run: RunFacts, service: ServiceFacts): BoundResult {
  const { load, need } = run;
  const { thresholds } = service;
  if (load === null) return noLoad('ms');
  return judgeLockQueue({
    samples: lockSamples(run, service, load.fromUs),
    claim: thresholds.claim,
    acquireMs: thresholds.acquireMs,
    statementMs: thresholds.statementMs,
    limitMs: thresholds.orphanMs,
    window: load,
    need,
    rootAt: (tUs) => rootAround(run, tUs),
  });
}

function lockSamples(
  { samples }: RunFacts,
  { contract }: ServiceFacts,
  fromUs: number,
): readonly LockSample[] | null {
  const own = samples
    .filter(({ ok, tUs }) => ok && tUs >= fromUs)
    .map(({ tUs, rows }) => ({
      tUs,
      rows: rows.filter((row) => row.service === contract.name && row.count > 0),
    }));
  const states = own.flatMap(({ rows }) => rows.map(({ state }) => state));
  if (states.length > 0 && states.every((state) => state === null)) return null;
  return own.map(({ tUs, rows }) => {
    const waits = rows.filter(({ waitType }) => waitType === 'Lock');
    return {
      tUs,
      waiting: waits.reduce((sum, { count }) => sum + count, 0),
      oldestMs: waits.reduce((most, { maxQueryMs }) => Math.max(most, maxQueryMs ?? 0), 0),
    };
  });
}

/** The look at who blocks comes at most once a second. */
const lookUs = 2_000_000;

function rootAround({ evidence }: RunFacts, tUs: number): string {
  for (const event of evidence.events) {
    if (event.kind !== 'lock' || Math.abs(event.t_us - tUs) > lookUs) continue;
    const root = event.waits.find(({ blocker_pid: pid }) => pid !== null);
    if (root === undefined) continue;
    const who = root.blocker_application_name ?? root.blocker_role ?? 'somebody';
    const age =
      root.blocker_xact_ms === null ? '' : `, in its transaction for ${formatMs(root.blocker_xact_ms)}`;
    return `${who} (${root.blocker_state ?? 'state unknown'}${age})`;
  }
  return '';
}

export const lockQueue = {
  id: 'B17',
  name: 'lock-queue',
  title: 'locks do not tie up the pool',
  meaning: 'Waits for a lock are short, and never take up the whole claim.',
  severity: {
    depends: 'half of the claim waiting is soft; all of it, or one wait that is too long, is hard',
  },
  answer: 'bounded',
  provenance: 'observed',
  isPain: false,
  headline: null,
  required: true,
  restsOn: { pass: ['attempts', 'backends', 'events'], fail: ['events'] },
  needs: [...always, 'V03'],
  judge: (run) => forEveryService(run, judgeOne),
} as const satisfies Bound;
