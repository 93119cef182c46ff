import type { CalibrateInFile } from './calibrate-file.ts';

/** How the capacity is measured before the phases: ascending steps with retries off. */
export interface Calibrate {
  readonly startPerSec: number;
  readonly stepMs: number;
  /** Each step over the one before. */
  readonly factor: number;
  readonly maxSteps: number;
  /** Whether it is measured once more after the phases. */
  readonly again: boolean;
}

/** Fills the defaults of `calibrate:`. */
export function makeCalibrate(given: CalibrateInFile): Calibrate {
  return {
    startPerSec: given.start,
    stepMs: given.step ?? 20_000,
    factor: given.factor ?? 1.25,
    maxSteps: given.max_steps ?? 16,
    again: given.again ?? false,
  };
}
