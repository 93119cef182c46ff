import type { Calibrate } from '../traffic/calibrate.ts';
import { durationMs } from '../with-unit.ts';
import { z } from 'zod';
import { effectiveRate } from '../traffic/effective-traffic.ts';
import type { LeakProbe } from '../traffic/leak-probe.ts';

/** `calibrate:` in the language of the file, every default written out. */
export function effectiveCalibrate({ startPerSec, stepMs, factor, maxSteps, again }: Calibrate): object {
  return {
    start: effectiveRate(startPerSec),
    step: z.encode(durationMs, stepMs),
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
  return { request: requests[route]?.name ?? '', hold: z.encode(durationMs, holdMs) };
}
