import type { ChaosStep } from '../scenario/chaos/chaos-step.ts';

/** A step with its times on the run clock. */
export interface TimedStep {
  readonly step: ChaosStep;
  readonly startUs: number;
  /** When to undo it; null if it lasts. */
  readonly endUs: number | null;
  /** How long to look for a confirmation. */
  readonly confirmUntilUs: number;
}

/** How long to look for a fault without an end. */
const confirmLimitUs = 30_000_000;

/** The steps on the run clock, in the order of their starts. */
export function timelineOf(steps: readonly ChaosStep[], loadStartUs: number): readonly TimedStep[] {
  return steps
    .map((step) => {
      const startUs = loadStartUs + step.atUs;
      const endUs = step.forUs === null ? null : startUs + step.forUs;
      return { step, startUs, endUs, confirmUntilUs: endUs ?? startUs + confirmLimitUs };
    })
    .sort((a, b) => a.startUs - b.startUs);
}

/** Milliseconds until a moment on the run clock; 0 if it has passed. */
export function msUntil(atUs: number, nowUs: number): number {
  return Math.max(0, (atUs - nowUs) / 1000);
}

/** Faults are undone in reverse order, so that each finds the state that it left behind. */
export function undoOrder<T extends { readonly order: number }>(inForce: Iterable<T>): readonly T[] {
  return [...inForce].sort((a, b) => b.order - a.order);
}
