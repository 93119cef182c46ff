import type { Calibrate } from '../traffic/calibrate.ts';
import { durationMs } from '../with-unit.ts';
import { writeShape } from '../../base/write-shape.ts';
import { effectiveRate } from '../traffic/effective-traffic.ts';
import type { LeakProbe } from '../traffic/leak-probe.ts';

/** `calibrate:` in the language of the file, every default written out. */
export function effectiveCalibrate({ startPerSec, stepMs, factor, maxSteps, again }: Calibrate): object {
  return {
    start: effectiveRate(startPerSec),
    step: writeShape(durationMs, stepMs),
    factor,
    max_steps: maxSteps,
    again,
  };
}

/** `leak_probe:` in the language of the file, every default written out. */
export function effectiveLeakProbe(
  { route, holdMs }: LeakProbe,
  requests: readonly { readonly name: string }[],
): object {
  return { request: requests[route]?.name ?? '', hold: writeShape(durationMs, holdMs) };
}
