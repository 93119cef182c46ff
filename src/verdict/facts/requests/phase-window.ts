import type { RunRecord } from '../../../evidence/run-record.ts';

/** A phase in run time. */
export interface PhaseWindow {
  readonly name: string;
  readonly fromUs: number;
  readonly toUs: number;
  /** Mean planned rate: a ramp counts with the middle of its two ends; 0 where the phase is closed. */
  readonly ratePerSec: number;
  /** Clients that wait for their answers: the service sets the load of the phase, and nothing is planned. */
  readonly closed: { readonly clients: number; readonly thinkMs: number } | null;
  /** Variance over mean of the planned arrivals in windows of 1 s; null where unknown. */
  readonly dispersion: number | null;
  readonly stress: boolean;
  /** Arrivals that the schedule has in it. */
  readonly planned: number;
}

/** The phases in run time; none when load never began. */
export function phaseWindows(run: RunRecord): readonly PhaseWindow[] {
  const startUs = run.load_start_us;
  if (startUs === null) return [];
  return run.phases.map((phase) => ({
    name: phase.name,
    fromUs: startUs + phase.startUs,
    toUs: startUs + phase.endUs,
    ratePerSec: (phase.ratePerSec + phase.rampToPerSec) / 2,
    closed: phase.closed,
    dispersion: phase.dispersion,
    stress: phase.stress,
    planned: phase.arrivals,
  }));
}

/** Whether a phase sends any requests. */
export function isAsked({ planned, closed }: Pick<PhaseWindow, 'planned' | 'closed'>): boolean {
  return planned > 0 || closed !== null;
}

/** The last phase with requests before the first stress phase: what "as before" means afterwards. */
export function baselineOf(phases: readonly PhaseWindow[]): PhaseWindow | null {
  const first = phases.findIndex((phase) => phase.stress);
  const before = phases.slice(0, Math.max(0, first));
  return before.findLast(isAsked) ?? before.at(-1) ?? null;
}

/** The end of the last stress phase: recovery counts from here. */
export function triggerEndOf(phases: readonly PhaseWindow[]): number | null {
  return phases.findLast((phase) => phase.stress)?.toUs ?? null;
}

/** The phase a moment falls in; a phase owns its first moment and not its last. */
export function phaseAt(phases: readonly PhaseWindow[], tUs: number): PhaseWindow | null {
  return phases.find((phase) => tUs >= phase.fromUs && tUs < phase.toUs) ?? null;
}
