import { meanByBlocks } from '../base/block-bootstrap.ts';
import type { Attempt } from '../evidence/attempt.ts';
import type { LoadPlan } from '../plan/load-plan.ts';
import { peakRate } from '../plan/planned-phases.ts';
import type { CapacityStep } from './search-capacity.ts';

/** Counts how a calibration's requests end while it is being sent. */
export interface StepMeter {
  add(attempts: readonly Attempt[]): void;
  /** What the service did in a step; call it once everything that ended in the step has been added. */
  measure(step: number): CapacityStep;
}

/** What ended within the measured window of one step. */
interface Tally {
  /** Good answers in each whole second. */
  readonly good: number[];
  ended: number;
  failed: number;
}

const secondUs = 1_000_000;

/** The block of the bootstrap: longer than one second's queue can affect the next. */
const blockSec = 5;

/**
 * Measures steps by what ends in them: goodput is the good answers per second that came within the deadline. The first
 * tenth of a step, at least a second, is left out as the transition from the step before. A dropped arrival counts as
 * failed, because more were in flight than the harness holds; what is still open when a step ends counts in no step.
 */
export function makeStepMeter(
  { phases, scenario }: LoadPlan,
  loadStartUs: number,
  deadlineMs: number,
): StepMeter {
  const windows = phases.map(({ startUs, endUs }) => {
    const skipUs = Math.max(secondUs, Math.ceil((endUs - startUs) / 10 / secondUs) * secondUs);
    const seconds = Math.floor((endUs - startUs - skipUs) / secondUs);
    return { fromUs: loadStartUs + startUs + skipUs, seconds };
  });
  const tallies = windows.map(({ seconds }): Tally => ({
    good: Array.from({ length: seconds }, () => 0),
    ended: 0,
    failed: 0,
  }));
  const count = ({ outcome, intendedUs, endedUs, sentUs }: Attempt): void => {
    const atUs = endedUs ?? (outcome === 'dropped' ? sentUs : null);
    if (atUs === null) return;
    const step = windows.findIndex(
      ({ fromUs, seconds }) => atUs >= fromUs && atUs < fromUs + seconds * secondUs,
    );
    const tally = tallies[step];
    if (tally === undefined) return;
    const isGood = outcome === 'ok' && atUs - intendedUs <= deadlineMs * 1000;
    tally.ended += 1;
    if (!isGood) tally.failed += 1;
    const second = Math.floor((atUs - (windows[step]?.fromUs ?? 0)) / secondUs);
    if (isGood) tally.good[second] = (tally.good[second] ?? 0) + 1;
  };
  return {
    add: (attempts) => attempts.forEach(count),
    measure: (step) => {
      const phase = phases[step];
      const { good, ended, failed } = tallies[step] ?? { good: [], ended: 0, failed: 0 };
      const stream = `bootstrap/${phase?.name ?? ''}`;
      const { mean, low, high } = meanByBlocks(good, blockSec, { seed: scenario.seed, stream });
      return {
        rate_per_sec: phase === undefined ? 0 : peakRate(phase),
        goodput_per_sec: mean,
        low_per_sec: low,
        high_per_sec: high,
        failed: ended === 0 ? 0 : failed / ended,
        seconds: good.length,
      };
    },
  };
}
