import { z } from 'zod';
import { label } from '../language/label.ts';
import { positiveMs } from '../language/with-unit.ts';
import { loadKeys, makeLoad, writeLoad, type LoadInFile } from './load-codec.ts';
import type { RateInFile } from './phase-rate.ts';
import { arrivalsShape, makeProcess, mmppShape, writeProcess, type ProcessInFile } from './process-codec.ts';
import type { ArrivalProcess, Phase, ReadReplay } from './traffic.ts';

/** One of `traffic.phases` as it stands in the file. */
export const phaseShape = z.strictObject({
  name: label
    .describe('Names the phase in reports, in conditions and in chaos.')
    .meta({ examples: ['baseline'] }),
  duration: positiveMs.describe('How long the phase lasts.').meta({ examples: ['60s'] }),
  ...loadKeys,
  arrivals: arrivalsShape
    .optional()
    .describe('How arrivals follow the rate of this phase. Default: as in traffic.arrivals.')
    .meta({ examples: ['mmpp'] }),
  mmpp: mmppShape
    .optional()
    .describe('The two states of arrivals: mmpp in this phase. Default: those of traffic.mmpp.')
    .meta({ examples: [{ low: 0.1, high_for: '200ms', low_for: '1.8s' }] }),
  stress: z
    .boolean()
    .optional()
    .describe('Marks the phase that overload bounds judge and recovery is measured from. Default: false.')
    .meta({ examples: [true] }),
});

export type PhaseInFile = z.output<typeof phaseShape>;

/** Fills the defaults of a phase; its arrival process is by default that of the whole traffic. */
export function makePhase(given: PhaseInFile, whole: ProcessInFile, recorded: ReadReplay | undefined): Phase {
  return {
    name: given.name,
    durationMs: given.duration,
    stress: given.stress ?? false,
    arrivals: makeProcess({
      arrivals: given.arrivals ?? whole.arrivals,
      mmpp: given.mmpp ?? whole.mmpp,
    }),
    shape: makeLoad(given, recorded),
    ...(ratesOf(given).some(({ ofCapacity }) => ofCapacity) ? { ofCapacity: true } : {}),
  };
}

/** Every rate that a phase says. */
export function ratesOf({ rate, ramp_to: toRate, steps, spikes }: LoadInFile): readonly RateInFile[] {
  return [rate, toRate, ...(steps ?? []), spikes?.peak].filter((one) => one !== undefined);
}

/** The inverse of `makePhase`. */
export function writePhase(phase: Phase, whole: ArrivalProcess): PhaseInFile {
  return {
    name: phase.name,
    duration: phase.durationMs,
    ...writeLoad(phase.shape, phase.ofCapacity === true),
    ...(isSame(phase.arrivals, whole) ? {} : writeProcess(phase.arrivals)),
    stress: phase.stress,
  };
}

function isSame(one: ArrivalProcess, other: ArrivalProcess): boolean {
  if (one.kind !== 'mmpp' || other.kind !== 'mmpp') return one.kind === other.kind;
  return one.low === other.low && one.highForMs === other.highForMs && one.lowForMs === other.lowForMs;
}
