import { trim } from '../../base/units.ts';
import { platformTells } from '../../evidence/record/platform-record.ts';
import { harnessSharesOf, type HarnessShares } from '../facts/requests/harness-shares.ts';
import type { RunFacts } from '../facts/run-facts.ts';
import type { ServiceFacts } from '../facts/service-facts.ts';
import { sortedQuantile } from '../statistics/quantile.ts';
import type { Guard, GuardResult } from './guard.ts';

/*
 * Little of an answer's time was the harness's own. For each attempt
 *
 *     share = (sent - intended) + own
 *
 * where own is the emulator's part of the way: to its front, on to the instance without the wait for a place, and how
 * long the answer may have lain unread (evidence/attempt.ts). Then
 *
 *     p95(share) <= eps / 2 over the run, median(share) <= eps / 2 in each second
 *
 * Each second by itself, because a step in load finds whatever is cold or too small within a second, and over a long run
 * that is less than one attempt in twenty. A few late ones in a second are noise: they make a time longer and never
 * shorter, so what holds with them holds without, and a failure by no more than the longest of them is excused.
 */

export interface ShareInput extends HarnessShares {
  /** Whether an emulator is on the way. */
  readonly emulated: boolean;
  readonly epsMs: number;
}

export function checkShares({ sharesMs, worstSecond, emulated, epsMs }: ShareInput): GuardResult {
  const p95 = sortedQuantile(sharesMs, 0.95);
  const max = sortedQuantile(sharesMs, 1);
  const limit = epsMs / 2;
  if (p95 === null || max === null) {
    const reason = emulated
      ? 'no answer told how long the emulator took over it: none came, or an older version recorded the run'
      : 'no emulator is on the way';
    return { ok: true, value: null, limit, unit: 'ms', reason, disturbanceMs: null };
  }
  const inWorst = worstSecond?.medianMs ?? 0;
  const inSecond =
    worstSecond === null
      ? ''
      : `, median ${trim(inWorst, 1)} ms in the second from ${trim(worstSecond.fromUs / 1e6, 0)} s on`;
  const reason = `the harness's own share of an attempt: p95 ${trim(p95, 1)} ms${inSecond} (limit ${trim(limit, 0)}), max ${trim(max, 1)} ms`;
  const ok = p95 <= limit && inWorst <= limit;
  return { ok, value: Math.max(p95, inWorst), limit, unit: 'ms', reason, disturbanceMs: max };
}

export const harnessShare = {
  id: 'V16',
  name: 'harness-share',
  title: "the harness's own share of the time was small",
  meaning:
    'What lateness and the emulator added to an answer is short compared with the limits that are judged.',
  provenance: 'emulated',
  stalledBy: 'attempts',
  check: ({ evidence }: RunFacts, { thresholds }: ServiceFacts) =>
    checkShares({
      ...harnessSharesOf(evidence),
      emulated: platformTells(evidence.run.platform).emulated,
      epsMs: thresholds.epsMs,
    }),
} as const satisfies Guard;
