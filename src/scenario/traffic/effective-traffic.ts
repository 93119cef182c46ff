import type { ArrivalProcess, LoadShape, Phase, Think, Traffic } from './traffic.ts';

/** `traffic:` in the language of the file, every default written out. */
export function effectiveTraffic(traffic: Traffic): object {
  return {
    ...processOf(traffic.arrivals),
    max_in_flight: traffic.maxInFlight,
    phases: traffic.phases.map((phase) => phaseOf(phase, traffic.arrivals)),
  };
}

function phaseOf(phase: Phase, usual: ArrivalProcess): object {
  const rateOf = phase.ofCapacity === true ? effectiveMultiple : effectiveRate;
  return {
    name: phase.name,
    duration: durationOf(phase.durationMs),
    ...shapeOf(phase.shape, rateOf),
    ...(isSame(phase.arrivals, usual) ? {} : processOf(phase.arrivals)),
    stress: phase.stress,
  };
}

function processOf(process: ArrivalProcess): object {
  if (process.kind !== 'mmpp') return { arrivals: process.kind };
  const { kind, low, highForMs, lowForMs } = process;
  return { arrivals: kind, mmpp: { low, high_for: durationOf(highForMs), low_for: durationOf(lowForMs) } };
}

function isSame(one: ArrivalProcess, other: ArrivalProcess): boolean {
  if (one.kind !== 'mmpp' || other.kind !== 'mmpp') return one.kind === other.kind;
  return one.low === other.low && one.highForMs === other.highForMs && one.lowForMs === other.lowForMs;
}

function shapeOf(shape: LoadShape, rateOf: (rate: number) => string): object {
  switch (shape.kind) {
    case 'constant':
      return { rate: rateOf(shape.ratePerSec) };
    case 'ramp':
      return { rate: rateOf(shape.ratePerSec), ramp_to: rateOf(shape.toPerSec) };
    case 'steps':
      return { steps: shape.ratesPerSec.map(rateOf) };
    case 'spikes': {
      const { ratePerSec, peakPerSec, widthMs, everyMs } = shape;
      const spikes = { peak: rateOf(peakPerSec), width: durationOf(widthMs), every: durationOf(everyMs) };
      return { rate: rateOf(ratePerSec), spikes };
    }
    case 'burst': {
      const { ratePerSec, requests, withinMs } = shape;
      return { rate: rateOf(ratePerSec), burst: { requests, within: durationOf(withinMs) } };
    }
    case 'sync': {
      const { ratePerSec, requests, everyMs } = shape;
      const every = everyMs === null ? {} : { every: durationOf(everyMs) };
      return { rate: rateOf(ratePerSec), sync: { requests, ...every } };
    }
    case 'replay':
      return { replay: { file: shape.file, speed: shape.speed } };
    case 'closed':
      return { closed: { clients: shape.clients, think: thinkOf(shape.think) } };
  }
}

function thinkOf({ law, meanMs, ...more }: Think): object {
  return { mean: durationOf(meanMs), law, ...more };
}

/** All digits: what reads back rounded would be another schedule. */
export function effectiveRate(perSec: number): string {
  return `${digitsOf(perSec)}/s`;
}

/** A rate in capacities. */
function effectiveMultiple(times: number): string {
  return `${digitsOf(times)}x capacity`;
}

function durationOf(ms: number): string {
  return `${digitsOf(ms)}ms`;
}

/** The language has no exponents; 30 decimals keep 17 digits of anything that it can say. */
function digitsOf(value: number): string {
  const text = String(value);
  return text.includes('e') ? value.toFixed(30) : text;
}
