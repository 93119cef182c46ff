import { formatMs } from '../../../base/units.ts';
import type { BackendRow } from '../../../evidence/dataset/backend-row.ts';
import type { Sample } from '../../../evidence/sessions/samples.ts';
import type { BoundResult } from './bound.ts';
import { result } from './result.ts';
import { blindness, coverageOf, type CoverageNeed } from '../../facts/sessions/coverage.ts';
import type { RunFacts } from '../../facts/run-facts.ts';
import type { ServiceFacts } from '../../facts/service-facts.ts';

/*
 * How old something in a session may get. Ages are differences on the server's own clock, so a sight is exact, and a
 * lower bound of what it grew to: it went on for less than the gap to the next sample. So with g the longest gap
 *
 *     seen <= true maximum < seen + g
 *
 * One sight over a limit is a FAIL, however little else was seen. A PASS is certain where seen + g is within the
 * limit, and sampled otherwise. Anything shorter than g may have been missed altogether.
 */

/** The oldest of the service's sessions in one sample, in milliseconds; 0 where there was none. */
export interface AgeSight {
  readonly tUs: number;
  readonly ageMs: number;
}

export interface AgeInput {
  /** Of every sample that worked; null where the sampler may not see states and ages. */
  readonly sights: readonly AgeSight[] | null;
  /** Beyond it degrades; null where there is only a hard limit. */
  readonly softMs: number | null;
  readonly hardMs: number;
  readonly window: { readonly fromUs: number; readonly toUs: number };
  readonly need: CoverageNeed;
  /** What it is that gets old, such as "a session was idle in a transaction". */
  readonly what: string;
}

/** Judges the ages by their limits. */
export function judgeAges(input: AgeInput): BoundResult {
  const { sights, softMs, hardMs, window, need, what } = input;
  const limit = softMs ?? hardMs;
  if (sights === null)
    return result({
      status: 'INCONCLUSIVE',
      unit: 'ms',
      limit,
      reason: 'the sampler may not see states and ages',
    });
  const coverage = coverageOf(
    sights.map(({ tUs }) => tUs),
    window.fromUs,
    window.toUs,
    need.holeUs,
  );
  const value = sights.reduce((oldest, { ageMs }) => Math.max(oldest, ageMs), 0);
  const known = { unit: 'ms', value, limit, n: sights.length, coverage: coverage.ratio } as const;
  const broken =
    value > hardMs ? { severity: 'hard', limitMs: hardMs } : { severity: 'soft', limitMs: limit };
  const first = sights.find(({ ageMs }) => ageMs > broken.limitMs);
  if (first !== undefined) {
    const severity = broken.severity === 'hard' ? 'hard' : 'soft';
    const seen = `${what} for ${formatMs(first.ageMs)}, limit ${formatMs(broken.limitMs)}`;
    const brokenUs = Math.round(first.tUs - 1000 * (first.ageMs - broken.limitMs));
    const witness = { fromUs: brokenUs, toUs: first.tUs, what: seen };
    const reason = `${seen}; at worst ${formatMs(value)}`;
    return result({ ...known, status: 'FAIL', severity, limit: broken.limitMs, reason, witness });
  }
  if (sights.length === 0)
    return result({ ...known, status: 'INCONCLUSIVE', reason: 'nobody looked at the sessions' });
  const blind = blindness(coverage, need);
  if (blind !== null) return result({ ...known, status: 'INCONCLUSIVE', reason: blind });
  const isCertain = value + coverage.maxGapUs / 1000 <= limit;
  const reason = value === 0 ? `never seen: ${what}` : `${what} for ${formatMs(value)} at most`;
  return result({ ...known, status: isCertain ? 'PASS' : 'PASS_SAMPLED', reason });
}

/** The oldest of the service's sessions in each sample since load began. */
export function agesOf(
  { samples, load }: RunFacts,
  { contract }: ServiceFacts,
  ageOf: (row: BackendRow) => number | null,
): readonly AgeSight[] | null {
  const fromUs = load?.fromUs ?? -Infinity;
  const isOwn = (row: BackendRow): boolean => row.service === contract.name && row.count > 0;
  const seen = samples.filter(({ ok, tUs }) => ok && tUs >= fromUs);
  if (areHidden(seen, isOwn)) return null;
  return seen.map(({ tUs, rows }) => ({
    tUs,
    ageMs: rows.reduce((oldest, row) => (isOwn(row) ? Math.max(oldest, ageOf(row) ?? 0) : oldest), 0),
  }));
}

/** Whether there are sessions whose state the sampler may not see. */
function areHidden(seen: readonly Sample[], isOwn: (row: BackendRow) => boolean): boolean {
  const isShown = seen.some(({ rows }) => rows.some((row) => isOwn(row) && row.state !== null));
  return !isShown && seen.some(({ rows }) => rows.some(isOwn));
}

/** The rest of what judging ages takes; null where load never began. */
export function ageFrame({ load, need }: RunFacts): Pick<AgeInput, 'window' | 'need'> | null {
  return load === null ? null : { window: load, need };
}
