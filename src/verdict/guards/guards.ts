import type { Guard } from './guard.ts';
import { generatorLag } from './v01-generator-lag.ts';
import { scheduleSent } from './v02-schedule-sent.ts';
import { samplerCoverage } from './v03-sampler-coverage.ts';
import { ping } from './v04-ping.ts';
import { clock } from './v05-clock.ts';
import { settings } from './v06-settings.ts';
import { attribution } from './v07-attribution.ts';
import { baselineSteady } from './v08-baseline-steady.ts';
import { exercise } from './v09-exercise.ts';
import { loadBack } from './v10-load-after.ts';
import { clientPolicy } from './v11-client-policy.ts';
import { faultsConfirmed } from './v12-faults-confirmed.ts';
import { clientErrors } from './v13-client-errors.ts';
import { quietMachine } from './v14-quiet-machine.ts';
import { certaintyGap } from './v15-certainty-gap.ts';
import { harnessShare } from './v16-harness-share.ts';

const all = [
  generatorLag,
  scheduleSent,
  samplerCoverage,
  ping,
  clock,
  settings,
  attribution,
  baselineSteady,
  exercise,
  loadBack,
  clientPolicy,
  faultsConfirmed,
  clientErrors,
  quietMachine,
  certaintyGap,
  harnessShare,
] as const satisfies readonly Guard[];

export type GuardId = (typeof all)[number]['id'];

/** Every guard there is, in the order of their ids. */
export const guards: readonly Guard<GuardId>[] = all;
