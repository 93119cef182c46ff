import type { Attempt } from '../../evidence/attempt.ts';
import { countAt, peakOf } from '../../evidence/sessions/steps.ts';
import type { RunFacts } from '../facts/run-facts.ts';
import type { ServiceFacts } from '../facts/service-facts.ts';
import type { Prediction } from '../../plan/run-plan.ts';
import { predictionProvenance } from './provenance.ts';
import { round } from '../../base/floats.ts';
import type { PhaseWindow } from '../facts/requests/phase-window.ts';
import { quantile } from '../statistics/quantile.ts';
import type { Summary } from './summary.ts';

/** Measured over predicted within this is a match; outside it something else is at work, which is a lead and never a FAIL. */
const matchFrom = 0.8;
const matchTo = 1.25;

/** A difference up to this means nothing, whatever the ratio: 0.1 sessions are not twice 0.05 sessions. */
const tooSmall: Readonly<Record<Prediction['unit'], number>> = {
  sessions: 0.5,
  ms: 1,
  per_sec: 0.5,
  ratio: 0.005,
};

type Measure = (
  run: RunFacts,
  service: ServiceFacts,
  phase: PhaseWindow,
  attempts: readonly Attempt[],
) => number | null;

/** How each prediction is measured; a prediction that is not here is a statement that no run can contradict. */
const measures: Readonly<Record<string, Measure>> = {
  busy_sessions: meanBusy,
  peak_backends: peakBackends,
  acquire_timeout_share: (_run, _service, __, attempts) => shareOf(attempts, ['pool_timeout']),
  refused_rate: (_run, _service, phase, attempts) => {
    const refused = attempts.filter(({ outcome }) => ['platform', 'shed', 'pool_timeout'].includes(outcome));
    return refused.length / ((phase.toUs - phase.fromUs) / 1e6);
  },
  success_p50: medianSuccessMs,
  cold_start_wait: longestQueueMs,
};

/** Predictions that give a lower limit: more than predicted is no mismatch. */
const lowerLimits = ['cold_start_wait'];

/** Every prediction of the plan, with what was measured. */
export function comparePredictions(run: RunFacts, service: ServiceFacts): Summary['predictions'] {
  return run.record.predictions.map((prediction) => {
    const measured = measure(run, service, prediction.id, prediction.phase);
    const band = bandOf(run, prediction);
    return {
      id: prediction.id,
      statement: prediction.statement,
      phase: prediction.phase,
      predicted: round(prediction.value),
      measured: measured === null ? null : round(measured),
      ratio: measured === null || prediction.value === 0 ? null : round(measured / prediction.value),
      band: band === null ? null : [round(band.low), round(band.high)],
      unit: prediction.unit,
      match: matchOf(prediction, measured, band ?? { low: prediction.value, high: prediction.value }),
      provenance: predictionProvenance(prediction.id),
    };
  });
}

function measure(run: RunFacts, service: ServiceFacts, id: string, phaseName: string): number | null {
  const phase = run.phases.find(({ name }) => name === phaseName);
  if (phase === undefined || run.endUs < phase.toUs) return null;
  // The models know arrivals that ask once; what retries add is the difference to be seen.
  const attempts = (run.attemptsByPhase.get(phaseName) ?? []).filter(
    ({ attempt, outcome }) => attempt === 1 && outcome !== 'dropped',
  );
  return measures[id]?.(run, service, phase, attempts) ?? null;
}

function matchOf(
  { id, value, unit }: Prediction,
  measured: number | null,
  { low, high }: Band,
): 'match' | 'mismatch' | 'not_measured' {
  if (measured === null) return 'not_measured';
  if (Math.abs(measured - value) <= tooSmall[unit]) return 'match';
  const isBelow = measured <= matchTo * high || lowerLimits.includes(id);
  return measured >= matchFrom * low && isBelow ? 'match' : 'mismatch';
}

/** The last of these is of an overload alone: below it, chance decides who gives up. */
const clearlyOver = 0.05;

/** The range in which a prediction may lie. */
interface Band {
  readonly low: number;
  readonly high: number;
}

/**
 * A schedule drawn at random does not have exactly the rate that it was drawn at: from n Poisson arrivals the rate is
 * known to within e = 1.96 / sqrt(n) (95 %). What that makes of each prediction:
 *
 *     busy = lambda S            +- e busy
 *     lambda - cap               +- e lambda
 *     1 - cap / lambda           +- e cap / lambda = e (1 - P)
 *
 * Null where the rate plays no part, and where arrivals are evenly spaced.
 */
function bandOf({ record }: RunFacts, { id, phase: name, value }: Prediction): Band | null {
  const phase = record.phases.find((one) => one.name === name);
  const isRandom = (phase?.process ?? record.arrivals) !== 'uniform';
  if (phase === undefined || !isRandom || phase.arrivals === 0) return null;
  const share = 1.96 / Math.sqrt(phase.arrivals);
  const perSec = phase.arrivals / ((phase.endUs - phase.startUs) / 1e6);
  const slack = {
    busy_sessions: share * value,
    refused_rate: share * perSec,
    acquire_timeout_share: value > clearlyOver ? share * (1 - value) : undefined,
  }[id];
  return slack === undefined ? null : { low: Math.max(0, value - slack), high: value + slack };
}

/** Since an instance had it, where that is known: waiting at the platform is another queue. */
function medianSuccessMs(
  _run: RunFacts,
  _service: ServiceFacts,
  __: PhaseWindow,
  attempts: readonly Attempt[],
): number | null {
  const took = attempts.flatMap(({ outcome, endedUs, receivedUs, intendedUs }) =>
    outcome !== 'ok' || endedUs === null ? [] : [(endedUs - (receivedUs ?? intendedUs)) / 1000],
  );
  return quantile(took, 0.5);
}

/** Mean over the samples of the sessions at work for a request: active, or inside its transaction. */
function meanBusy({ samples }: RunFacts, { contract }: ServiceFacts, phase: PhaseWindow): number | null {
  const within = samples.filter(({ ok, tUs }) => ok && tUs >= phase.fromUs && tUs < phase.toUs);
  if (within.length === 0) return null;
  const busy = within
    .flatMap(({ rows }) => rows)
    .filter(({ state, ...row }) => row.service === contract.name && isBusy(state ?? ''))
    .reduce((sum, row) => sum + row.count, 0);
  return busy / within.length;
}

function isBusy(state: string): boolean {
  return state === 'active' || state.startsWith('idle in transaction');
}

function peakBackends(_run: RunFacts, { exact }: ServiceFacts, phase: PhaseWindow): number | null {
  return exact === null ? null : (peakOf(exact.steps, phase.fromUs, phase.toUs)?.count ?? null);
}

function shareOf(attempts: readonly Attempt[], outcomes: readonly string[]): number | null {
  const hits = attempts.filter(({ outcome }) => outcomes.includes(outcome));
  return attempts.length === 0 ? null : hits.length / attempts.length;
}

/** Only a load that really met no instance can tell. */
function longestQueueMs(
  _run: RunFacts,
  { alive }: ServiceFacts,
  phase: PhaseWindow,
  attempts: readonly Attempt[],
): number | null {
  if (alive === null || countAt(alive, phase.fromUs - 1) > 0) return null;
  const waitsMs = attempts.flatMap(({ receivedUs, sentUs }) =>
    receivedUs === null ? [] : [(receivedUs - sentUs) / 1000],
  );
  return waitsMs.length === 0 ? null : waitsMs.reduce((most, ms) => Math.max(most, ms), 0);
}
