import type { Guard } from '../guard.ts';
import { generatorLag } from './v01-generator-lag.ts';
import { scheduleSent } from './v02-schedule-sent.ts';
import { samplerCoverage } from './v03-sampler-coverage.ts';
import { ping } from './v04-ping.ts';
import { attribution } from './v07-attribution.ts';
import { baselineSteady } from './v08-baseline-steady.ts';
import { exercise } from './v09-exercise.ts';
import { loadBack } from './v10-load-after.ts';

/** Every guard there is, in the order of their ids. */
export const guards: readonly Guard[] = [
  generatorLag,
  scheduleSent,
  samplerCoverage,
  ping,
  attribution,
  baselineSteady,
  exercise,
  loadBack,
];
