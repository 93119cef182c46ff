import type { LoadProgress } from '../../load/load.ts';
import type { RunPlan } from '../../plan/run-plan.ts';
import type { RunStatus } from '../../run/status.ts';

/** All that a screen may show of the run at one moment. */
export interface View {
  readonly plan: RunPlan;
  readonly status: RunStatus;
  readonly load: LoadProgress | null;
  /** Seconds since load start; negative before it. */
  readonly elapsedS: number;
  readonly totalS: number;
  /** The phase that runs now, or the last one. */
  readonly phase: RunPlan['phases'][number] | null;
}

/** Puts together what is known. */
export function makeView(
  plan: RunPlan,
  status: RunStatus,
  load: LoadProgress | null,
  sinceLoadUs: number,
): View {
  const started = load !== null && sinceLoadUs >= 0;
  const phase = started ? (plan.phases.find((one) => sinceLoadUs < one.endUs) ?? null) : null;
  return {
    plan,
    status,
    load,
    elapsedS: sinceLoadUs / 1e6,
    totalS: (plan.phases.at(-1)?.endUs ?? 0) / 1e6,
    phase,
  };
}

/** What the run is doing, in a word or two: the phase while load is sent, the stage otherwise. */
export function stageOf(view: View): string {
  if (view.status.stage !== 'load') return view.status.stage;
  if (view.elapsedS < 0) return 'about to begin';
  return view.phase?.name ?? 'waiting for the last answers';
}
