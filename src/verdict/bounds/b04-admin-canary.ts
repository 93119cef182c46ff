import { formatMs } from '../../base/units.ts';
import type { Bound, BoundResult } from '../bound.ts';
import { timesAwayIn, type Outage } from '../outages.ts';
import type { PhaseWindow } from '../phase-window.ts';
import { always } from './needs.ts';
import { result } from './result.ts';

/*
 * Whoever owns the headroom can use it, at any moment: once a second a new connection as an ordinary role,
 * `select 1`, close.
 *
 *     each canary succeeds, and connect + query <= T_acq
 *
 * The role must not be a superuser: with all ordinary slots taken a superuser still connects, while the service
 * is refused. A failure inside a declared outage of the database is excused; nothing else excuses one.
 */

interface Canary {
  readonly tUs: number;
  readonly ok: boolean;
  readonly tookMs: number;
  readonly error: string | null;
}

export interface CanaryInput {
  readonly canaries: readonly Canary[];
  readonly limitMs: number;
  /** Declared outages with their grace. */
  readonly excuses: readonly Outage[];
  /** Each of them needs a canary, or nothing is known of it. */
  readonly windows: readonly Pick<PhaseWindow, 'name' | 'fromUs' | 'toUs'>[];
}

export function judgeCanary({ canaries, limitMs, excuses, windows }: CanaryInput): BoundResult {
  const judged = canaries.filter(
    ({ tUs, tookMs }) =>
      !excuses.some((excuse) => tUs + 1000 * tookMs >= excuse.fromUs && tUs <= excuse.toUs),
  );
  const slowestMs = judged.reduce((most, { tookMs }) => Math.max(most, tookMs), 0);
  const value = judged.length === 0 ? null : slowestMs;
  const refused = judged.filter(({ ok }) => !ok).length;
  // A refusal is a count, whatever it took; only a slow login is a matter of milliseconds, and of ours too.
  const known =
    refused > 0
      ? ({ unit: 'count', value: refused, limit: 0, n: judged.length } as const)
      : ({ unit: 'ms', value, limit: limitMs, n: judged.length } as const);
  const broken = judged.filter(({ ok, tookMs }) => !ok || tookMs > limitMs);
  const [first] = broken;
  if (first !== undefined) {
    const what = first.ok
      ? `a headroom login took ${formatMs(first.tookMs)}`
      : `a headroom login was refused: ${first.error ?? 'no reason given'}`;
    return result({
      ...known,
      status: 'FAIL',
      reason: `${broken.length} of ${judged.length} headroom logins failed or were slow; first: ${what}`,
      witness: { fromUs: first.tUs, toUs: first.tUs, what },
    });
  }
  const blind = windows.find(({ fromUs, toUs }) => !canaries.some(({ tUs }) => tUs >= fromUs && tUs <= toUs));
  if (blind !== undefined || judged.length === 0) {
    const where = blind === undefined ? 'outside the excused time' : `in phase ${blind.name}`;
    return result({ ...known, status: 'INCONCLUSIVE', reason: `no headroom canary ${where}` });
  }
  const reason = `all ${judged.length} headroom logins succeeded, the slowest in ${formatMs(slowestMs)}`;
  return result({ ...known, status: 'PASS', reason });
}

/** A canary comes about once a second: a phase shorter than this may have none by chance. */
const shortestJudgedUs = 3_000_000;

export const adminCanary: Bound = {
  id: 'B04',
  name: 'admin-canary',
  required: true,
  needs: [...always, 'V01', 'V04', 'V09'],
  judge: ({ evidence, canaries, thresholds, phases, endUs }) =>
    judgeCanary({
      canaries: canaries
        .filter((canary) => canary.role === 'headroom')
        .map((canary) => ({
          tUs: canary.t_us,
          ok: canary.ok,
          tookMs: (canary.connect_us + (canary.query_us ?? 0)) / 1000,
          error: canary.error,
        })),
      limitMs: thresholds.acquireMs,
      excuses: timesAwayIn(evidence, 1000 * thresholds.acquireMs),
      windows: phases.filter(({ fromUs, toUs }) => Math.min(toUs, endUs) - fromUs >= shortestJudgedUs),
    }),
};
