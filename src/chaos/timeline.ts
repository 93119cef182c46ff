import type { ChaosStep } from '../scenario/chaos/chaos-step.ts';

/** A step with its times on the run's clock. */
export interface TimedStep {
  readonly step: ChaosStep;
  readonly startUs: number;
  /** When it is to be undone; null where it stays. */
  readonly endUs: number | null;
  /** Until when it is looked for a confirmation. */
  readonly confirmUntilUs: number;
}

/** A fault that stays is looked for so long. */
const confirmLimitUs = 30_000_000;

/** Puts the steps on the run's clock, on which load starts at `loadStartUs`; in the order of their starts. */
export function timelineOf(steps: readonly ChaosStep[], loadStartUs: number): readonly TimedStep[] {
  return steps
    .map((step) => {
      const startUs = loadStartUs + step.atUs;
      const endUs = step.forUs === null ? null : startUs + step.forUs;
      return { step, startUs, endUs, confirmUntilUs: endUs ?? startUs + confirmLimitUs };
    })
    .sort((a, b) => a.startUs - b.startUs);
}

/** Milliseconds until a moment of the run's clock; 0 when it has passed. */
export function msUntil(atUs: number, nowUs: number): number {
  return Math.max(0, (atUs - nowUs) / 1000);
}

/** What is in force is undone the other way round than it was done: each undoing finds what it left behind. */
export function undoOrder<T extends { readonly order: number }>(inForce: Iterable<T>): readonly T[] {
  return [...inForce].sort((a, b) => b.order - a.order);
}
