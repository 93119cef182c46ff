import { formatMs, trim } from '../../base/units.ts';
import { episodesAbove, stepsWithin } from '../../evidence/sessions/steps.ts';
import { always, type Bound, type BoundResult } from './shared/bound.ts';
import { cohortsOf, mergeThin, type Cohort } from '../facts/requests/cohort.ts';
import type { RunFacts } from '../facts/run-facts.ts';
import type { ServiceFacts } from '../facts/service-facts.ts';
import { isLoadBack } from '../facts/requests/load-after.ts';
import { outside } from '../facts/platform/overlap-windows.ts';
import { steadyLevel } from '../facts/requests/steady-windows.ts';
import { wilson } from '../statistics/wilson.ts';
import { result } from './shared/result.ts';

/*
 * After the trigger the service recovers by itself. Requests are judged in windows of 5 s by when they were
 * intended, so that a slow answer counts against the window that asked:
 *
 *     bad     upper 99 % Wilson limit of the good share < 0.95 x baseline
 *     good    good share >= 0.95 x baseline, and p99 <= 2 x baseline p99 + eps
 *     FAIL    a bad window starts at or after trigger_end + T_rec
 *     PASS    good windows cover [trigger_end + T_rec, + 10 s]
 *
 * After max(T_req, D) no request of the trigger may still exist. If the service is still degraded one window later, it is the
 * present load that keeps it so: that is what metastable means, and T_rec turns it into a deadline. Recovering later
 * than T_stmt + T_acq and a window, but in time, is a soft FAIL.
 */

export interface RecoveryInput {
  /** From the trigger's end on, thin ones merged. */
  readonly windows: readonly Cohort[];
  readonly triggerEndUs: number;
  readonly baseline: { readonly goodShare: number; readonly p99Ms: number | null };
  readonly epsMs: number;
  readonly recoverHardMs: number;
  readonly recoverSoftMs: number;
  /** Whether the offered load is back at the baseline's: without that nothing is metastable. */
  readonly loadIsBack: boolean;
  /** Sessions above the claim after the deadline; null where there were none. */
  readonly excess: { readonly peak: number; readonly claim: number } | null;
}

/** How long the good state must be seen to hold. */
const holdUs = 10_000_000;

const goodLevel = 0.95;

export function judgeRecovery(input: RecoveryInput): BoundResult {
  const { windows, triggerEndUs, recoverHardMs } = input;
  const deadlineUs = triggerEndUs + 1000 * recoverHardMs;
  const isBad = (window: Cohort): boolean =>
    wilson(window.good, window.n).high < goodLevel * input.baseline.goodShare;
  const lastBad = windows.findLast(isBad);
  const value = lastBad === undefined ? 0 : (lastBad.toUs - triggerEndUs) / 1000;
  const n = windows.reduce((sum, window) => sum + window.n, 0);
  const known = { unit: 'ms', value, limit: recoverHardMs, n } as const;
  const after = windows.filter((window) => window.fromUs >= deadlineUs);
  const bad = after.filter(isBad);
  const [first] = bad;
  if (first !== undefined) {
    const metastable = input.loadIsBack && bad.length > after.length / 2 ? 'METASTABLE: ' : '';
    const what = `${good(first)} % good ${formatMs((first.fromUs - triggerEndUs) / 1000)} after the trigger, baseline ${share(input.baseline.goodShare)} %`;
    const reason = `${metastable}still degraded after the deadline: ${bad.length} of ${after.length} windows bad; ${what}`;
    return result({
      ...known,
      status: 'FAIL',
      reason,
      witness: { fromUs: first.fromUs, toUs: first.toUs, what },
    });
  }
  const doubt = doubtOf(input, deadlineUs);
  if (doubt !== null) return result({ ...known, status: 'INCONCLUSIVE', reason: doubt });
  if (lastBad !== undefined && value > input.recoverSoftMs) {
    const what = `recovered ${formatMs(value)} after the trigger, expected within ${formatMs(input.recoverSoftMs)}`;
    const witness = { fromUs: lastBad.fromUs, toUs: lastBad.toUs, what };
    return result({
      ...known,
      status: 'FAIL',
      severity: 'soft',
      limit: input.recoverSoftMs,
      reason: what,
      witness,
    });
  }
  const reason =
    value === 0 ? 'no window was bad after the trigger' : `recovered ${formatMs(value)} after the trigger`;
  return result({ ...known, status: 'PASS', reason });
}

/** Why recovery is not proven although nothing was bad, or null when it is. */
function doubtOf({ windows, baseline, epsMs, excess }: RecoveryInput, deadlineUs: number): string | null {
  const holds = windows.filter((window) => window.toUs > deadlineUs && window.fromUs < deadlineUs + holdUs);
  if (!covers(holds, deadlineUs, deadlineUs + holdUs))
    return `observation ended before recovery had held for ${formatMs(holdUs / 1000)} after the deadline`;
  const p99LimitMs = baseline.p99Ms === null ? Infinity : 2 * baseline.p99Ms + epsMs;
  for (const window of holds) {
    if (window.good / window.n < goodLevel * baseline.goodShare)
      return `only ${good(window)} % good in a window after the deadline: neither good nor provably bad`;
    if (window.p99Ms !== null && window.p99Ms > p99LimitMs)
      return `p99 ${formatMs(window.p99Ms)} in a window after the deadline, baseline ${formatMs(baseline.p99Ms ?? 0)}`;
    if (window.attempts > 1.05 * window.n)
      return `still ${trim(window.attempts / window.n, 2)} attempts a request after the deadline`;
  }
  return excess === null ? null : `still ${excess.peak} sessions after the deadline, claim ${excess.claim}`;
}

function covers(windows: readonly Cohort[], fromUs: number, toUs: number): boolean {
  const first = windows[0];
  const last = windows.at(-1);
  return first !== undefined && last !== undefined && first.fromUs <= fromUs && last.toUs >= toUs;
}

function good(window: Cohort): string {
  return share(window.good / window.n);
}

function share(value: number): string {
  return trim(100 * value, 1);
}

export const recovery = {
  id: 'B22',
  name: 'recovery',
  title: 'the service recovers by itself',
  meaning: 'After the stress, goodput and latency return to their baseline within the recovery time.',
  severity: { depends: 'not recovering in time is hard; recovering late, but in time, is soft' },
  answer: 'bounded',
  provenance: 'emulated',
  isPain: false,
  headline: 'promise',
  required: true,
  restsOn: { pass: ['attempts', 'events'], fail: ['attempts', 'events'] },
  stalledBy: 'times',
  needs: [...always, 'V01', 'V08', 'V09', 'V10', 'V12', 'V16'],
  judge: (run, service) => {
    const { triggerEndUs, load, requests } = run;
    const { thresholds } = service;
    if (triggerEndUs === null)
      return result({ status: 'NOT_APPLICABLE', unit: 'ms', reason: 'no stress phase to recover from' });
    const baseline = baselineLevel(run, service);
    if (baseline === null || load === null)
      return result({ status: 'INCONCLUSIVE', unit: 'ms', reason: 'no baseline of 15 s to compare with' });
    const windows = cohortsOf(requests, triggerEndUs, load.toUs, thresholds.deadlineMs);
    return judgeRecovery({
      windows: mergeThin(windows).filter((window) => window.n > 0),
      triggerEndUs,
      baseline,
      epsMs: thresholds.epsMs,
      recoverHardMs: thresholds.recoverHardMs,
      recoverSoftMs: thresholds.recoverSoftMs,
      loadIsBack: isLoadBack(run),
      excess: excessAfter(service, triggerEndUs + 1000 * thresholds.recoverHardMs, load.toUs),
    });
  },
} as const satisfies Bound;

function baselineLevel(run: RunFacts, service: ServiceFacts): RecoveryInput['baseline'] | null {
  const level = steadyLevel(run, service);
  return level === null || level.n === 0 ? null : { goodShare: level.good / level.n, p99Ms: level.p99Ms };
}

/** The highest count of an excess after the deadline that is more than a replacement. */
function excessAfter(service: ServiceFacts, fromUs: number, toUs: number): RecoveryInput['excess'] {
  const { claim, tauCloseMs } = service.thresholds;
  const steps = service.exact?.steps ?? [];
  const spans = outside(service.overlaps, { fromUs: -Infinity, toUs });
  const excesses = spans.flatMap((span) =>
    episodesAbove(stepsWithin(steps, span.fromUs, span.toUs), claim, span.toUs),
  );
  const lasting = excesses.filter(
    (episode) => episode.toUs > fromUs && episode.toUs - episode.fromUs >= 1000 * tauCloseMs,
  );
  const peak = lasting.reduce((most, episode) => Math.max(most, episode.peak), 0);
  return peak === 0 ? null : { peak, claim };
}
