/** The mark of loads that are sent before or after the phases: no phase of a scenario may have it in its name. */
const mark = ' ';

/** The name that a step of a calibration is recorded under. */
export function stepName(time: 'before' | 'after', index: number): string {
  return `${time === 'before' ? 'calibration' : 'calibration-after'}${mark}${index + 1}`;
}

/** The name that requests of a leak probe are recorded under. */
export const probeName = `leak${mark}probe`;

/** Whether something was recorded of a load that is none of the phases. */
export function isBeside(phase: string): boolean {
  return phase.includes(mark);
}
