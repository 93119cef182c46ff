import { formatMs } from '../../../base/units.ts';
import type { UpperBound } from '../../../evidence/sessions/upper-bounds.ts';
import {
  countAt,
  episodesAbove,
  stepsWithin,
  type Episode,
  type Step,
} from '../../../evidence/sessions/steps.ts';
import type { BoundResult } from './bound.ts';
import { result } from './result.ts';
import { blindness, coverageOver, type CoverageNeed } from '../../facts/sessions/coverage.ts';
import type { RunFacts } from '../../facts/run-facts.ts';
import type { ServiceFacts } from '../../facts/service-facts.ts';
import { lowSteps, type SeenBackend } from '../../facts/sessions/low-steps.ts';
import { inside, isIn, outside, type Span } from '../../facts/platform/overlap-windows.ts';

/*
 * A service holds at most its claim, N x W x P (and its declared background sessions):
 *
 *     FAIL  <=>  an excess n(t) > claim lasts tau_close or longer,
 *                or at some instant n(t) > claim + alive(t) x W
 *
 * Why not simply n <= claim? A pool forgets a session before the server has closed it, so a correct pool may show the
 * old and the new session of one slot for an instant. That lasts less than tau_close and is at most one
 * per pool, of which alive x W exist.
 *
 * n(t) is exact where links or log counted every session; otherwise the samples give a lower bound, which
 * may prove a FAIL but never a certain PASS. That takes exact truth or the upper bound.
 */

/** What is known about the number of sessions. */
export type SessionsSeen =
  | { readonly kind: 'exact'; readonly steps: readonly Step[] }
  | {
      readonly kind: 'identities';
      readonly samples: readonly { readonly tUs: number; readonly backends: readonly SeenBackend[] }[];
    }
  | {
      readonly kind: 'counts';
      readonly samples: readonly { readonly tUs: number; readonly count: number }[];
    };

export interface ClaimInput {
  readonly seen: SessionsSeen;
  readonly uppers: readonly UpperBound[];
  readonly claim: number;
  /** alive(t) x W: sessions of which pools may be in the middle of a replacement. */
  readonly replacementsAt: (tUs: number) => number;
  readonly tauCloseUs: number;
  readonly everyUs: number;
  readonly window: { readonly fromUs: number; readonly toUs: number };
  readonly need: CoverageNeed;
  /** The parts of the window that are judged; the rest is another bound's. Default: all that was seen. */
  readonly spans?: readonly Span[];
  /** What the limit is called. Default: "claim". */
  readonly limitName?: string;
}

export function judgeClaim(input: ClaimInput): BoundResult {
  const excesses = excessesOf(input);
  const look = lookOf(input);
  const known = { unit: 'sessions', limit: input.claim, ...look.numbers } as const;
  const broken = excesses.find((excess) => isBroken(excess, input));
  if (broken !== undefined) {
    const what = excessWords(broken, input);
    const witness = { fromUs: broken.fromUs, toUs: broken.toUs, what };
    return result({ ...known, status: 'FAIL', reason: what, witness });
  }
  if (look.blind !== null) return result({ ...known, status: 'INCONCLUSIVE', reason: look.blind });
  const short = excesses.length === 0 ? '' : `; ${excesses.length} short replacements above it`;
  return result({
    ...known,
    status: look.certainty === null ? 'PASS_SAMPLED' : 'PASS',
    reason: `peak ${look.numbers.value ?? 0} of a ${nameOf(input)} of ${input.claim} (${look.certainty ?? 'at every sample'})${short}`,
  });
}

/** How well the sessions were watched. */
interface Look {
  readonly numbers: Pick<BoundResult, 'value' | 'n' | 'coverage'>;
  /** Why silence means nothing; null when it does. */
  readonly blind: string | null;
  /** Why a PASS is certain; null when it is only sampled. */
  readonly certainty: string | null;
}

function lookOf(input: ClaimInput): Look {
  const { seen, window, need, uppers, claim, spans } = input;
  const value = peakSeen(input);
  if (seen.kind === 'exact') {
    const steps = spans === undefined ? seen.steps : seen.steps.filter(({ tUs }) => isIn(spans, tUs));
    return {
      numbers: { value, n: steps.length, coverage: 1 },
      blind: null,
      certainty: 'every session counted',
    };
  }
  const all = seen.samples.map((sample) => sample.tUs);
  const times = spans === undefined ? all : all.filter((tUs) => isIn(spans, tUs));
  const coverage = coverageOver(all, spans === undefined ? [window] : inside(spans, window), need.holeUs);
  return {
    numbers: { value, n: times.length, coverage: coverage.ratio },
    blind: times.length === 0 ? 'nobody counted the sessions' : blindness(coverage, need),
    certainty: isBelowEverywhere(upperIn(uppers, spans), times.length, claim) ? 'upper bound' : null,
  };
}

function upperIn(uppers: readonly UpperBound[], spans: ClaimInput['spans']): readonly UpperBound[] {
  if (spans === undefined) return uppers;
  return uppers.filter(({ fromUs, toUs }) => isIn(spans, fromUs) || isIn(spans, toUs));
}

/** n samples have n - 2 intervals with an upper bound; where one is missing, nothing is certain. */
function isBelowEverywhere(uppers: readonly UpperBound[], samples: number, limit: number): boolean {
  return uppers.length > 0 && uppers.length >= samples - 2 && uppers.every(({ high }) => high <= limit);
}

function isBroken(excess: Episode, { claim, replacementsAt, tauCloseUs }: ClaimInput): boolean {
  return excess.toUs - excess.fromUs >= tauCloseUs || excess.peak > claim + replacementsAt(excess.fromUs);
}

function excessesOf({ seen, claim, everyUs, window, spans }: ClaimInput): readonly Episode[] {
  if (seen.kind === 'counts') {
    const samples = spans === undefined ? seen.samples : seen.samples.filter(({ tUs }) => isIn(spans, tUs));
    return countedExcesses(samples, claim, 1.5 * everyUs);
  }
  const steps = seen.kind === 'exact' ? seen.steps : lowSteps(seen.samples);
  if (spans === undefined) return episodesAbove(steps, claim, window.toUs);
  return spans.flatMap(({ fromUs, toUs }) => episodesAbove(stepsWithin(steps, fromUs, toUs), claim, toUs));
}

/**
 * Runs of samples above the limit. A sample within the limit parts them, and so does a gap longer than jitter
 * alone makes: what was lost in it may have been within the limit.
 */
function countedExcesses(
  samples: readonly { readonly tUs: number; readonly count: number }[],
  claim: number,
  joinUs: number,
): readonly Episode[] {
  const excesses: Episode[] = [];
  let isParted = true;
  for (const { tUs, count } of samples) {
    const last = excesses.at(-1);
    if (count <= claim) isParted = true;
    else if (!isParted && last !== undefined && tUs - last.toUs <= joinUs)
      excesses[excesses.length - 1] = { ...last, toUs: tUs, peak: Math.max(last.peak, count) };
    else {
      excesses.push({ fromUs: tUs, toUs: tUs, peak: count });
      isParted = false;
    }
  }
  return excesses;
}

function peakSeen({ seen, spans }: ClaimInput): number | null {
  if (seen.kind !== 'exact' && seen.samples.length === 0) return null;
  const steps = stepsOrSamples(seen);
  const counted =
    spans === undefined ? steps : spans.flatMap(({ fromUs, toUs }) => stepsWithin(steps, fromUs, toUs));
  return counted.reduce((peak, { count }) => Math.max(peak, count), 0);
}

function stepsOrSamples(seen: SessionsSeen): readonly Step[] {
  if (seen.kind === 'exact') return seen.steps;
  return seen.kind === 'counts' ? seen.samples : lowSteps(seen.samples);
}

function excessWords({ fromUs, toUs, peak }: Episode, input: ClaimInput): string {
  const lasting = toUs > fromUs ? ` for ${formatMs((toUs - fromUs) / 1000)}` : '';
  return `${peak} sessions, ${nameOf(input)} ${input.claim}, above it${lasting}`;
}

function nameOf({ limitName }: ClaimInput): string {
  return limitName ?? 'claim';
}

/** What judging a claim of one service takes, within the load and as long as it was watched. */
export function claimInput(run: RunFacts, service: ServiceFacts, load: Span): ClaimInput {
  const { thresholds, contract } = service;
  return {
    seen: sessionsSeen(run, service),
    uppers: isAlone(run, service) ? run.uppers : [],
    claim: thresholds.claim,
    replacementsAt: (tUs) =>
      contract.workersPerInstance *
      (service.alive === null ? contract.maxInstances : countAt(service.alive, tUs)),
    tauCloseUs: 1000 * thresholds.tauCloseMs,
    everyUs: 1000 * run.record.sampling.every_ms,
    window: service.exact === null ? load : { fromUs: load.fromUs, toUs: run.endUs },
    need: run.need,
  };
}

/** Everything outside rollouts. */
export function steadySpans({ endUs }: RunFacts, { overlaps }: ServiceFacts): readonly Span[] {
  return outside(overlaps, { fromUs: -Infinity, toUs: endUs });
}

function sessionsSeen(run: RunFacts, service: ServiceFacts): SessionsSeen {
  if (service.exact !== null) return { kind: 'exact', steps: service.exact.steps };
  const samples = run.samples
    .filter((sample) => sample.ok)
    .map(({ tUs, rows }) => ({
      tUs,
      count: rows
        .filter((row) => row.service === service.contract.name && row.state !== 'starting')
        .reduce((sum, row) => sum + row.count, 0),
    }));
  return { kind: 'counts', samples };
}

/** The upper bound counts all sessions of the databases: it is the service's only where there were no others. */
function isAlone({ samples }: RunFacts, { contract }: ServiceFacts): boolean {
  return samples.every(({ rows }) =>
    rows.every((row) => row.service === contract.name || row.state === 'starting' || row.count === 0),
  );
}
