import { formatMs } from '../../base/units.ts';
import { allAttempts } from '../../evidence/all-attempts.ts';
import type { Attempt, Outcome } from '../../evidence/attempt.ts';
import { always, type Bound, type BoundResult } from './shared/bound.ts';
import { clockSkew } from '../facts/requests/clock-skew.ts';
import type { RunFacts } from '../facts/run-facts.ts';
import type { ServiceFacts } from '../facts/service-facts.ts';
import { mostOpenIn, outstandingOf, type Outstanding } from '../facts/requests/outstanding.ts';
import { result } from './shared/result.ts';

/*
 * The database does no work for a request that is over:
 *
 *     orph(t) = max(0, busy(t) - the most requests open around t - background)
 *     FAIL  <=>  orph > 0 without a break for longer than T_orphan = T_stmt + eps
 *
 * busy are the service's sessions that run a statement or sit in a transaction. Each request works on one session. Giving
 * up on a request does not stop its query: the session works on, is free for nobody, and its answer goes nowhere. The
 * time that one statement may take is forgiven; where nobody gave up, there is nothing to judge.
 */

interface BusySample {
  readonly tUs: number;
  readonly busy: number;
}

export interface OrphanInput {
  readonly samples: readonly BusySample[];
  readonly open: Outstanding;
  /** Requests that ended without their answer: given up by the client, or broken off. */
  readonly aborted: number;
  readonly background: number;
  /** How far apart the clocks of samples and requests may be. */
  readonly skewUs: number;
  readonly limitMs: number;
}

interface Stretch {
  readonly fromUs: number;
  readonly toUs: number;
  readonly peak: number;
}

export function judgeOrphans(input: OrphanInput): BoundResult {
  const { samples, aborted, limitMs } = input;
  const known = { unit: 'ms', limit: limitMs, n: samples.length } as const;
  if (aborted === 0)
    return result({
      ...known,
      status: 'NOT_APPLICABLE',
      reason: 'no request was given up: nothing can be orphaned',
    });
  if (samples.length === 0)
    return result({ ...known, status: 'INCONCLUSIVE', reason: 'nobody looked at what the sessions do' });
  const stretches = orphanedIn(input);
  const longest = stretches.reduce<Stretch | null>(
    (most, one) => (most === null || lastedMs(one) > lastedMs(most) ? one : most),
    null,
  );
  const value = longest === null ? 0 : lastedMs(longest);
  if (longest !== null && value > limitMs) {
    const what = `up to ${longest.peak} sessions worked for ${formatMs(value)} for requests that were over, limit ${formatMs(limitMs)}`;
    const witness = { fromUs: longest.fromUs, toUs: longest.toUs, what };
    return result({ ...known, value, status: 'FAIL', reason: what, witness });
  }
  const last = stretches.at(-1);
  if (last !== undefined && last.toUs === samples.at(-1)?.tUs)
    return result({
      ...known,
      value,
      status: 'INCONCLUSIVE',
      reason: `${last.peak} sessions still worked for requests that were over when observation ended`,
    });
  const reason =
    value === 0
      ? `${aborted} requests were given up, and no session was seen working for them`
      : `${aborted} requests were given up; sessions worked on for ${formatMs(value)} at most`;
  return result({ ...known, value, status: 'PASS', reason });
}

/** Samples in a row that show more work than there were requests. */
function orphanedIn({ samples, open, background, skewUs }: OrphanInput): readonly Stretch[] {
  const stretches: Stretch[] = [];
  let isParted = true;
  for (const { tUs, busy } of samples) {
    if (busy <= background) {
      isParted = true;
      continue;
    }
    const requests = mostOpenIn(open, tUs - skewUs, tUs + skewUs);
    const peak = busy - requests - background;
    const last = stretches.at(-1);
    if (peak > 0 && !isParted && last !== undefined)
      stretches[stretches.length - 1] = { ...last, toUs: tUs, peak: Math.max(last.peak, peak) };
    else if (peak > 0) stretches.push({ fromUs: tUs, toUs: tUs, peak });
    isParted = peak <= 0;
  }
  return stretches;
}

function lastedMs({ fromUs, toUs }: Stretch): number {
  return (toUs - fromUs) / 1000;
}

export const noOrphans = {
  id: 'B13',
  name: 'no-orphans',
  title: 'no orphaned work',
  meaning: 'The database stops working for a request soon after its caller has gone.',
  severity: 'hard',
  answer: 'bounded',
  provenance: 'observed',
  isPain: false,
  headline: null,
  required: true,
  needs: [...always, 'V03', 'V05'],
  judge: (run, service) => {
    const { record } = run;
    const { beside = [] } = run.evidence;
    const aborted = [...run.notOk, ...beside].filter(isAborted).length;
    return judgeOrphans({
      samples: busySamples(run, service),
      // A request whose end is not known accuses nobody: it counts as open for good.
      open: outstandingOf(aborted === 0 ? [] : allAttempts(run.evidence)),
      aborted,
      background: service.contract.backgroundSessions,
      skewUs: 1000 * (clockSkew(run.samples, record.database_clock)?.skewMs ?? 0),
      limitMs: service.thresholds.orphanMs,
    });
  },
} as const satisfies Bound;

function busySamples({ samples }: RunFacts, { contract }: ServiceFacts): readonly BusySample[] {
  return samples
    .filter(({ ok }) => ok)
    .map(({ tUs, rows }) => ({
      tUs,
      busy: rows.reduce(
        (sum, { service: of, state, count }) => sum + (of === contract.name && isBusy(state) ? count : 0),
        0,
      ),
    }));
}

function isBusy(state: string | null): boolean {
  return (
    state === 'active' ||
    state === 'fastpath function call' ||
    (state?.startsWith('idle in transaction') ?? false)
  );
}

const abortedBy: readonly Outcome[] = ['client_timeout', 'conn_error', 'deadline', 'platform'];

/** Given up by the client, the connection, the service or the platform. */
function isAborted({ outcome }: Attempt): boolean {
  return abortedBy.includes(outcome);
}
