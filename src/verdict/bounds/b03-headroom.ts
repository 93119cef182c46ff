import type { ServiceFacts } from '../facts/service-facts.ts';
import { formatMs } from '../../base/units.ts';
import { ownApplicationName } from '../../contract/session-owner.ts';
import type { UpperBound } from '../../evidence/sessions/upper-bounds.ts';
import { sumOfSteps } from '../../evidence/sessions/steps.ts';
import { always, type Bound, type BoundResult } from './shared/bound.ts';
import { blindness, coverageOf, type CoverageNeed } from '../facts/sessions/coverage.ts';
import { everyService, type RunFacts } from '../facts/run-facts.ts';
import { usableSlots } from '../facts/sessions/usable-slots.ts';
import { result } from './shared/result.ts';

/*
 * The headroom belongs to its owners, at every moment and without grace:
 *
 *     free(t) + own(t) >= H      free = usable - all client backends but the harness's own
 *
 * usable is what the server allowed at that moment: a fault may change max_connections during the run.
 * own(t) is what the owners of the headroom use of it themselves, which is no invasion. Sessions that
 * are still authenticating (`starting`) hold a slot like any other. Unlike the claim's bound it has no grace:
 * a migration that is refused for 50 ms is refused.
 */

/** How many slots were taken at one moment. */
interface SlotUse {
  readonly tUs: number;
  /** All client backends, the harness's own left out. */
  readonly used: number;
  /** Those of them that belong to the headroom's owners, each owner's counted up to its line. */
  readonly own: number;
}

export interface HeadroomInput {
  readonly headroom: number;
  readonly usable: number;
  /** The same at a moment, where it changed during the run. */
  readonly usableAt?: (tUs: number) => number;
  readonly samples: readonly SlotUse[];
  /** Exact counts at moments of change, a lower bound of all use; null without link and log. */
  readonly exact: readonly SlotUse[] | null;
  /** Whether the exact counts are of all sessions there were. */
  readonly exactIsAll: boolean;
  readonly uppers: readonly UpperBound[];
  readonly window: { readonly fromUs: number; readonly toUs: number };
  readonly need: CoverageNeed;
}

export function judgeHeadroom(input: HeadroomInput): BoundResult {
  const { headroom, samples, window, need } = input;
  const uses = [...samples, ...(input.exact ?? [])].sort((a, b) => a.tUs - b.tUs);
  const coverage = coverageOf(
    samples.map((sample) => sample.tUs),
    window.fromUs,
    window.toUs,
    need.holeUs,
  );
  const value = uses.reduce((least, use) => Math.min(least, leftOf(use, input)), Infinity);
  const known = {
    unit: 'sessions',
    value: uses.length === 0 ? null : Math.max(0, value),
    limit: headroom,
    n: uses.length,
    coverage: coverage.ratio,
  } as const;
  if (headroom === 0)
    return result({
      ...known,
      status: 'NOT_APPLICABLE',
      reason: 'no headroom is declared: nobody is protected',
    });
  const invaded = uses.filter((use) => leftOf(use, input) < headroom);
  const [first] = invaded;
  if (first !== undefined) {
    const what = `${leftOf(first, input)} of ${headroom} reserved slots left (${first.used} of ${usableIn(input, first.tUs)} usable ones taken)`;
    const lastingMs = ((invaded.at(-1)?.tUs ?? first.tUs) - first.tUs) / 1000;
    const reason = `${what}, at worst ${Math.max(0, value)}; last seen ${formatMs(lastingMs)} later`;
    return result({
      ...known,
      status: 'FAIL',
      reason,
      witness: { fromUs: first.tUs, toUs: first.tUs, what },
    });
  }
  const blind = blindness(coverage, need);
  if (blind !== null) return result({ ...known, status: 'INCONCLUSIVE', reason: blind });
  const certainty = certaintyOf(input);
  return result({
    ...known,
    status: certainty === null ? 'PASS_SAMPLED' : 'PASS',
    reason: `never fewer than ${value} slots left for the headroom of ${headroom} (${certainty ?? 'at every sample'})`,
  });
}

/** What the headroom's owners have: the free slots, and those they use already. */
function leftOf({ tUs, used, own }: SlotUse, input: HeadroomInput): number {
  return usableIn(input, tUs) - used + Math.min(own, input.headroom);
}

function usableIn({ usable, usableAt }: HeadroomInput, tUs: number): number {
  return usableAt?.(tUs) ?? usable;
}

/** Why a PASS is certain, or null when it is only sampled. */
function certaintyOf(input: HeadroomInput): string | null {
  const { uppers, samples, headroom, exact, exactIsAll } = input;
  const isBounded =
    uppers.length >= Math.max(1, samples.length - 2) &&
    uppers.every(({ fromUs, toUs, high }) =>
      [fromUs, toUs].every((tUs) => usableIn(input, tUs) - high >= headroom),
    );
  if (isBounded) return 'upper bound';
  return exact !== null && exactIsAll ? 'every session counted' : null;
}

export const headroom = {
  id: 'B03',
  name: 'headroom',
  title: 'headroom stays free',
  meaning: 'At every moment, the slots reserved for admins, migrations and other services are free.',
  severity: 'hard',
  answer: 'bounded',
  provenance: 'observed',
  isPain: true,
  headline: null,
  required: true,
  restsOn: { pass: ['attempts', 'backends', 'events'], fail: ['events'] },
  needs: [...always, 'V03', 'V09'],
  judge: (run, service) => {
    if (run.load === null)
      return result({ status: 'INCONCLUSIVE', unit: 'sessions', reason: 'load never began' });
    const counted = everyService(run).filter(({ exact }) => exact !== null);
    return judgeHeadroom({
      headroom: run.headroom,
      usable: service.thresholds.usable,
      usableAt: usableSlots(run.evidence),
      samples: sampledUse(run),
      exact: counted.length === 0 ? null : exactUse(counted),
      exactIsAll: run.samples.every(({ rows }) =>
        rows.every((row) => row.count === 0 || counted.some(({ contract }) => contract.name === row.service)),
      ),
      uppers: run.uppers,
      window: run.load,
      need: run.need,
    });
  },
} as const satisfies Bound;

/** What the services that were counted exactly held together. */
function exactUse(counted: readonly Pick<ServiceFacts, 'exact'>[]): readonly SlotUse[] {
  const steps = sumOfSteps(counted.map(({ exact }) => exact?.steps ?? []));
  return steps.map(({ tUs, count }) => ({ tUs, used: count, own: 0 }));
}

function sampledUse({ samples, canaries }: RunFacts): readonly SlotUse[] {
  return samples.flatMap(({ tUs, ok, backends, starting, rows }) => {
    if (!ok || backends === null) return [];
    const pending = starting ?? 0;
    const ours = rows.reduce(
      (sum, row) => sum + (row.applicationName === ownApplicationName ? row.count : 0),
      0,
    );
    // A session that is still authenticating shows no role: some of them may be our own canaries'.
    const own = pending === 0 ? 0 : Math.min(pending, canariesAt(canaries, tUs));
    return [{ tUs, used: backends - ours + pending, own }];
  });
}

/** How many of the canaries were at work around a moment: each has one session at a time. */
function canariesAt(canaries: RunFacts['canaries'], tUs: number): number {
  const connecting = canaries.filter((canary) => isConnecting(canary, tUs));
  return new Set(connecting.map(({ role }) => role)).size;
}

/** Whether a canary was at work around a moment; its time may be that of its start or of its end. */
function isConnecting(canary: RunFacts['canaries'][number], tUs: number): boolean {
  const lastingUs = canary.connect_us + (canary.query_us ?? 0) + 20_000;
  return Math.abs(tUs - canary.t_us) <= lastingUs;
}
