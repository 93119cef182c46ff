import type { CanaryEvent } from '../../../evidence/event.ts';
import type { RunFacts } from '../run-facts.ts';
import type { ServiceFacts } from '../service-facts.ts';
import { timesAwayIn, type Outage } from '../platform/outages.ts';
import type { PhaseWindow } from '../requests/phase-window.ts';

/** One new connection of a canary: connect, `select 1`, close. */
export interface Try {
  readonly tUs: number;
  readonly ok: boolean;
  /** Connect and query together. */
  readonly tookMs: number;
  /** How long of that the harness itself could not run. */
  readonly stalledMs?: number;
  readonly error: string | null;
}

/** What a canary's tries are judged by. */
export interface CanaryTries {
  readonly tries: readonly Try[];
  readonly limitMs: number;
  /** Declared outages with their grace. */
  readonly excuses: readonly Outage[];
  /** Each of them needs a try, or nothing is known of it. */
  readonly windows: readonly Pick<PhaseWindow, 'name' | 'fromUs' | 'toUs'>[];
}

/** A try comes about once a second: a phase shorter than this may have none by chance. */
const shortestJudgedUs = 3_000_000;

/** What one canary tried in a run; its limit is T_acq. */
export function triesOf(
  { evidence, canaries, phases, endUs }: RunFacts,
  { thresholds }: ServiceFacts,
  role: CanaryEvent['role'],
): CanaryTries {
  const limitMs = thresholds.acquireMs;
  return {
    tries: canaries
      .filter((canary) => canary.role === role)
      .map((canary) => ({
        tUs: canary.t_us,
        ok: canary.ok,
        tookMs: (canary.connect_us + (canary.query_us ?? 0)) / 1000,
        stalledMs: (canary.stalled_us ?? 0) / 1000,
        error: canary.error,
      })),
    limitMs,
    excuses: timesAwayIn(evidence, 1000 * thresholds.acquireMs),
    windows: phases.filter(({ fromUs, toUs }) => Math.min(toUs, endUs) - fromUs >= shortestJudgedUs),
  };
}

/** What a try says that ended by the time limit of the canary, not by an answer. */
const timedOut = /^timeout expired$|^no answer within /;

/** Slow, or given up, by no more than the harness itself stalled: how long the login took is not known. */
function isOurs({ ok, tookMs, stalledMs = 0, error }: Try, limitMs: number): boolean {
  if (!ok && !timedOut.test(error ?? '')) return false;
  return tookMs > limitMs && tookMs - stalledMs <= limitMs;
}

/** The tries that count: neither a declared outage nor a stall of the harness excuses any part of them. */
export function unexcused({
  tries,
  excuses,
  limitMs,
}: Pick<CanaryTries, 'tries' | 'excuses' | 'limitMs'>): readonly Try[] {
  const isAway = ({ tUs, tookMs }: Try): boolean =>
    excuses.some((excuse) => tUs + 1000 * tookMs >= excuse.fromUs && tUs <= excuse.toUs);
  return tries.filter((one) => !isOurs(one, limitMs) && !isAway(one));
}

/** Where a try is missing, in words; null where there is one in every window and one that counts. */
export function untriedWhere(
  { tries, windows, limitMs }: Pick<CanaryTries, 'tries' | 'windows' | 'limitMs'>,
  judged: readonly Try[],
): string | null {
  const told = tries.filter((one) => !isOurs(one, limitMs));
  const blind = windows.find(({ fromUs, toUs }) => !told.some(({ tUs }) => tUs >= fromUs && tUs <= toUs));
  if (blind !== undefined) return `in phase ${blind.name}`;
  return judged.length === 0 ? 'outside the excused time' : null;
}
