import type { Attempt } from '../evidence/attempt.ts';
import { countAt, peakOf } from '../evidence/steps.ts';
import type { Facts } from './facts.ts';
import type { Prediction } from '../plan/run-plan.ts';
import { predictionProvenance } from './provenance.ts';
import { round } from './round.ts';
import type { PhaseWindow } from './phase-window.ts';
import type { Summary } from './summary.ts';

/** Measured over predicted within this is a match; outside it something else is at work: a lead, never a FAIL. */
const matchFrom = 0.8;
const matchTo = 1.25;

/** A difference up to this is nothing, whatever the ratio says: 0.1 sessions are not twice 0.05 sessions. */
const tooSmall: Readonly<Record<Prediction['unit'], number>> = {
  sessions: 0.5,
  ms: 1,
  per_sec: 0.5,
  ratio: 0.005,
};

type Measure = (facts: Facts, phase: PhaseWindow, attempts: readonly Attempt[]) => number | null;

/** How each prediction is measured; what stands not here is a statement that no run can contradict. */
const measures: Readonly<Record<string, Measure>> = {
  busy_sessions: meanBusy,
  peak_backends: peakBackends,
  acquire_timeout_share: (_, __, attempts) => shareOf(attempts, ['pool_timeout']),
  refused_rate: (_, phase, attempts) => {
    const refused = attempts.filter(({ outcome }) => ['platform', 'shed', 'pool_timeout'].includes(outcome));
    return refused.length / ((phase.toUs - phase.fromUs) / 1e6);
  },
  cold_start_wait: longestQueueMs,
};

/** Predictions that give a lower limit: more than predicted is no mismatch. */
const lowerLimits = ['cold_start_wait'];

/** Every prediction of the plan, with what was measured. */
export function comparePredictions(facts: Facts): Summary['predictions'] {
  return facts.evidence.run.predictions.map((prediction) => {
    const measured = measure(facts, prediction.id, prediction.phase);
    return {
      id: prediction.id,
      statement: prediction.statement,
      phase: prediction.phase,
      predicted: round(prediction.value),
      measured: measured === null ? null : round(measured),
      unit: prediction.unit,
      match: matchOf(prediction, measured),
      provenance: predictionProvenance(prediction.id),
    };
  });
}

function measure(facts: Facts, id: string, phaseName: string): number | null {
  const phase = facts.phases.find(({ name }) => name === phaseName);
  if (phase === undefined || facts.endUs < phase.toUs) return null;
  // The models know arrivals that ask once; what clients add by asking again is the difference to be seen.
  const attempts = (facts.attemptsByPhase.get(phaseName) ?? []).filter(
    ({ attempt, outcome }) => attempt === 1 && outcome !== 'dropped',
  );
  return measures[id]?.(facts, phase, attempts) ?? null;
}

function matchOf(
  { id, value, unit }: Prediction,
  measured: number | null,
): 'match' | 'mismatch' | 'not_measured' {
  if (measured === null) return 'not_measured';
  if (Math.abs(measured - value) <= tooSmall[unit]) return 'match';
  const ratio = measured / value;
  const isBelow = ratio <= matchTo || lowerLimits.includes(id);
  return ratio >= matchFrom && isBelow ? 'match' : 'mismatch';
}

/** Mean over the samples of the sessions at work for a request: active, or inside its transaction. */
function meanBusy({ samples, service }: Facts, phase: PhaseWindow): number | null {
  const within = samples.filter(({ ok, tUs }) => ok && tUs >= phase.fromUs && tUs < phase.toUs);
  if (within.length === 0) return null;
  const busy = within
    .flatMap(({ rows }) => rows)
    .filter(({ state, ...row }) => row.service === service.name && isBusy(state ?? ''))
    .reduce((sum, row) => sum + row.count, 0);
  return busy / within.length;
}

function isBusy(state: string): boolean {
  return state === 'active' || state.startsWith('idle in transaction');
}

function peakBackends({ exact }: Facts, phase: PhaseWindow): number | null {
  return exact === null ? null : (peakOf(exact.steps, phase.fromUs, phase.toUs)?.count ?? null);
}

function shareOf(attempts: readonly Attempt[], outcomes: readonly string[]): number | null {
  const hits = attempts.filter(({ outcome }) => outcomes.includes(outcome));
  return attempts.length === 0 ? null : hits.length / attempts.length;
}

/** Only a load that really met no instance can tell. */
function longestQueueMs({ alive }: Facts, phase: PhaseWindow, attempts: readonly Attempt[]): number | null {
  if (alive === null || countAt(alive, phase.fromUs - 1) > 0) return null;
  const waitsMs = attempts.flatMap(({ receivedUs, sentUs }) =>
    receivedUs === null ? [] : [(receivedUs - sentUs) / 1000],
  );
  return waitsMs.length === 0 ? null : waitsMs.reduce((most, ms) => Math.max(most, ms), 0);
}
