import type { RunFacts } from '../facts/run-facts.ts';
import type { Views } from '../facts/stalls/views.ts';
import { isPass } from './algebra.ts';
import type { Bound, BoundResult, Witness } from './shared/bound.ts';

/*
 * Noise costs its own seconds, not the run. With W what a bound says of the run as it was, T of the same with all times as
 * much shorter as stalls of ours took of them, and R of the rest of that, without what they touched:
 *
 *     W holds                     it holds: stalls make times longer, never shorter. Unless they hid too much of the load
 *     W and R are broken          FAIL, with a witness of R, which no stall touches
 *     W is broken, R is not       INCONCLUSIVE where T is broken: what counts lies in a stall
 *     T and R hold                R's word, if not too much is set aside: the stalls explain all that was over the limit
 *
 * So a stall never makes a FAIL of anything else, and takes one away only where it explains all of it.
 */

/** Judges a run with an eye on its stalls; null: it had none. */
export function judgeAside(
  { stalledBy }: Pick<Bound, 'stalledBy'>,
  judge: (view: RunFacts) => BoundResult,
  run: RunFacts,
  views: Views | null,
): BoundResult {
  const whole = judge(run);
  if (views === null || stalledBy === undefined || whole.status === 'NOT_APPLICABLE') return whole;
  if (stalledBy === 'stretches') return unlessStretched(whole, run);
  if (isPass(whole)) return views.hidden === null ? whole : open(whole, views.hidden);
  const rest = judge(views.clean);
  if (whole.status === 'FAIL' && rest.status === 'FAIL')
    return isSame(whole, rest) ? whole : said(rest, views.aside.words);
  return doubted({ whole, rest, corrected: judge(views.corrected) }, views);
}

interface Judged {
  readonly whole: BoundResult;
  readonly corrected: BoundResult;
  readonly rest: BoundResult;
}

/** Of a result that did not hold, and has no witness that no stall touches. */
function doubted({ whole, corrected, rest }: Judged, { aside, hidden }: Views): BoundResult {
  const { words, tooMuch } = aside;
  if (corrected.status === 'FAIL')
    return open(whole, `what breaks it lies in stalls of ours; ${words}; otherwise: ${whole.reason}`);
  if (!isPass(corrected) || !isPass(rest))
    return whole.status === 'INCONCLUSIVE' ? whole : open(whole, `${words}; the rest: ${rest.reason}`);
  if (tooMuch !== null) return open(whole, `${words}, ${tooMuch}; otherwise: ${whole.reason}`);
  return hidden === null ? said(rest, words) : open(whole, hidden);
}

/** Whether what breaks it is the same with and without what is set aside. */
function isSame(whole: BoundResult, rest: BoundResult): boolean {
  return whole.value === rest.value && whole.witness?.what === rest.witness?.what;
}

function said(result: BoundResult, words: string): BoundResult {
  return { ...result, reason: `${result.reason}; ${words}` };
}

function open(result: BoundResult, reason: string): BoundResult {
  return { ...result, status: 'INCONCLUSIVE', witness: null, reason };
}

/**
 * The links count each session exactly, but a stalled emulator hears late of what ends: a stretch of which it slept for
 * half or more may be its own doing.
 */
function unlessStretched(whole: BoundResult, { stalls }: RunFacts): BoundResult {
  const { status, witness } = whole;
  if (status !== 'FAIL' || witness === null) return whole;
  const sleptUs = stalls.spansOf('links').within(witness.fromUs, witness.toUs);
  if (sleptUs === 0 || sleptUs < lengthOf(witness) / 2) return whole;
  return open(whole, `the emulator was stalled for most of it; otherwise: ${whole.reason}`);
}

function lengthOf({ fromUs, toUs }: Witness): number {
  return toUs - fromUs;
}
