/**
 * Requests that a run sends before or after its phases, to calibrate or to look for leaks, are recorded under phase
 * names with a blank in them. No phase of a scenario may have one in its name.
 */
const mark = ' ';

/** The phase name that a calibration step is recorded under. */
export function calibrationStepName(time: 'before' | 'after', index: number): string {
  return `${time === 'before' ? 'calibration' : 'calibration-after'}${mark}${index + 1}`;
}

/** The phase name that a leak probe is recorded under. */
export const leakProbeName = `leak${mark}probe`;

/** Whether this is the name of such extra load, and of no phase. */
export function isExtraLoad(phase: string): boolean {
  return phase.includes(mark);
}
