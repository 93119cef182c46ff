import type { Checked, Judged } from '../../bounds/algebra.ts';
import { bounds } from '../../bounds/bounds.ts';
import { exerciseOf } from '../../facts/exercise.ts';
import { exerciseStatement } from './exercise.ts';
import type { RunFacts } from '../../facts/run-facts.ts';
import type { ServiceFacts } from '../../facts/service-facts.ts';
import { phaseAt } from '../../facts/requests/phase-window.ts';
import { round, roundOrNull } from '../../../base/floats.ts';
import type { Summary } from '../summary.ts';

/** One bound, with when it was first broken. */
export function boundIn(run: RunFacts, { bound, result }: Judged): Summary['bounds'][number] {
  const { witness } = result;
  return {
    id: bound.id,
    name: bound.name,
    severity: result.severity,
    status: result.status,
    value: roundOrNull(result.value),
    limit: roundOrNull(result.limit),
    unit: result.unit,
    reason: result.reason,
    first_violation: witness === null ? null : momentOf(run, witness.fromUs),
    witness: witness === null ? null : { from_us: witness.fromUs, to_us: witness.toUs, what: witness.what },
    n: result.n,
    coverage: roundOrNull(result.coverage),
    confidence: roundOrNull(result.confidence),
    provenance: bound.provenance,
  };
}

/** A moment outside every phase counts from load start, or from the run's origin where there was no load. */
function momentOf(run: RunFacts, tUs: number): NonNullable<Summary['bounds'][number]['first_violation']> {
  const phase = phaseAt(run.phases, tUs);
  const fromUs = phase?.fromUs ?? run.load?.fromUs ?? 0;
  return { t_us: tUs, phase: phase?.name ?? null, offset_ms: round((tUs - fromUs) / 1000) };
}

/** One guard, with the bounds that need it. */
export function guardIn({ id, name, provenance, result }: Checked): Summary['validity'][number] {
  const { ok, value, limit, unit, reason } = result;
  const affects = bounds.filter((bound) => bound.needs.includes(id)).map((bound) => bound.id);
  return {
    id,
    name,
    ok,
    value: roundOrNull(value),
    limit: roundOrNull(limit),
    unit,
    reason,
    affects,
    provenance,
  };
}

/** How hard the run pressed. */
export function exerciseIn(
  run: RunFacts,
  service: ServiceFacts,
  checked: readonly Checked[],
): Summary['exercise'] {
  const exercise = exerciseOf(run, service);
  return {
    statement: exerciseStatement(exercise),
    exercised: checked.some(({ id, result }) => id === 'V09' && result.ok),
    saturated_ratio: roundOrNull(exercise.saturatedRatio),
    peak_instances: exercise.peakInstances,
  };
}
