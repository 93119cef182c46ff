import type { ArrivalProcess, LoadShape, Mmpp, Phase, Spikes, Sync } from './traffic.ts';

/** The most arrivals: the whole schedule is held in memory, and each leaves a few hundred bytes of evidence. */
export const mostArrivals = 10_000_000;

/** The most rate changes in one phase: each takes a few dozen bytes, and time to plan. */
export const mostChanges = 1_000_000;

type Timed = Pick<Phase, 'shape' | 'durationMs'>;

/** The mean number of arrivals in a phase; 0 if it is closed. */
export function expectedArrivals({ shape, durationMs }: Timed): number {
  return arrivalsByRate(shape, durationMs) + arrivalsBeside(shape, durationMs);
}

/** The highest rate of a process over its mean. */
export function surgeOf(process: ArrivalProcess): number {
  return process.kind === 'mmpp' ? highOverMean(process) : 1;
}

/** The high state has the share h / (h + l) of the time, so the mean is high (h + low l) / (h + l). */
function highOverMean({ low, highForMs, lowForMs }: Mmpp): number {
  return (highForMs + lowForMs) / (highForMs + low * lowForMs);
}

/** About how often the rate of a phase changes. */
export function changesOf({ shape, durationMs, arrivals }: Omit<Phase, 'name' | 'stress'>): number {
  const spikes = shape.kind === 'spikes' ? durationMs / shape.everyMs : 0;
  const hasStates = arrivals.kind === 'mmpp' && arrivalsByRate(shape, durationMs) > 0;
  const states = hasStates ? durationMs / (arrivals.highForMs + arrivals.lowForMs) : 0;
  return 2 * (spikes + states);
}

/** How many instants of a sync fall into a phase. */
export function timesOf({ everyMs }: Pick<Sync, 'everyMs'>, durationMs: number): number {
  return everyMs === null ? 1 : Math.ceil(durationMs / everyMs);
}

/** Arrivals that follow the rate: its integral over the phase. */
function arrivalsByRate(shape: LoadShape, durationMs: number): number {
  const seconds = durationMs / 1000;
  switch (shape.kind) {
    case 'ramp':
      return seconds * ((shape.ratePerSec + shape.toPerSec) / 2);
    case 'steps':
      return (seconds / shape.ratesPerSec.length) * shape.ratesPerSec.reduce((sum, rate) => sum + rate, 0);
    case 'spikes':
      return (
        seconds * shape.ratePerSec +
        (shape.peakPerSec - shape.ratePerSec) * (peakTimeMs(shape, durationMs) / 1000)
      );
    case 'replay':
    case 'closed':
      return 0;
    default:
      return seconds * shape.ratePerSec;
  }
}

/** Arrivals at moments of their own, beside the rate. */
function arrivalsBeside(shape: LoadShape, durationMs: number): number {
  switch (shape.kind) {
    case 'burst':
      return shape.requests;
    case 'sync':
      return shape.requests * timesOf(shape, durationMs);
    case 'replay':
      return shape.atUs.length;
    default:
      return 0;
  }
}

/** The end of a phase cuts its last spike. */
function peakTimeMs({ widthMs, everyMs }: Spikes, durationMs: number): number {
  const whole = Math.floor(durationMs / everyMs);
  return whole * widthMs + Math.min(widthMs, durationMs - whole * everyMs);
}
