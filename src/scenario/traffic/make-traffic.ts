import type { ReadReplay } from './replay-file.ts';
import type { RateInFile } from './phase-rate.ts';
import type { PhaseInFile, TrafficInFile } from './traffic-file.ts';
import type { ArrivalProcess, LoadShape, Phase, Think, Traffic } from './traffic.ts';

/** Fills the defaults of `traffic:`; what was recorded comes by the phase's index. */
export function makeTraffic(given: TrafficInFile, replays: ReadonlyMap<number, ReadReplay>): Traffic {
  const [first, ...phases] = given.phases.map((phase, index) => makePhase(phase, given, replays.get(index)));
  if (first === undefined) throw new TypeError('a checked scenario has phases');
  return {
    arrivals: makeProcess(given),
    maxInFlight: inFlightOf(given),
    phases: [first, ...phases],
  };
}

/** So many may be in flight unless the file says otherwise. */
export function inFlightOf(given: Pick<TrafficInFile, 'max_in_flight'>): number {
  return given.max_in_flight ?? 2000;
}

/** A phase has the process of the whole, and its two states, unless it has its own. */
function makePhase(given: PhaseInFile, whole: TrafficInFile, replay: ReadReplay | undefined): Phase {
  return {
    name: given.name,
    durationMs: given.duration,
    stress: given.stress ?? false,
    arrivals: makeProcess({
      arrivals: given.arrivals ?? whole.arrivals,
      mmpp: given.mmpp ?? whole.mmpp,
    }),
    shape: makeShape(given, replay),
    ...(ratesOf(given).some(({ ofCapacity }) => ofCapacity) ? { ofCapacity: true } : {}),
  };
}

/** Every rate that a phase says. */
export function ratesOf({ rate, ramp_to: toRate, steps, spikes }: PhaseInFile): readonly RateInFile[] {
  return [rate, toRate, ...(steps ?? []), spikes?.peak].filter((one) => one !== undefined);
}

function makeProcess({ arrivals, mmpp }: Pick<TrafficInFile, 'arrivals' | 'mmpp'>): ArrivalProcess {
  const kind = arrivals ?? 'poisson';
  if (kind !== 'mmpp') return { kind };
  if (mmpp === undefined) throw new TypeError('a checked mmpp has its states');
  return { kind, low: mmpp.low, highForMs: mmpp.high_for, lowForMs: mmpp.low_for };
}

function makeShape(given: PhaseInFile, replay: ReadReplay | undefined): LoadShape {
  const { ramp_to: toRate, steps, spikes, burst, sync, closed } = given;
  const ratePerSec = given.rate?.value ?? 0;
  if (toRate !== undefined) return { kind: 'ramp', ratePerSec, toPerSec: toRate.value };
  if (steps !== undefined) return { kind: 'steps', ratesPerSec: steps.map(({ value }) => value) };
  if (spikes !== undefined)
    return {
      kind: 'spikes',
      ratePerSec,
      peakPerSec: spikes.peak.value,
      widthMs: spikes.width,
      everyMs: spikes.every,
    };
  if (burst !== undefined)
    return { kind: 'burst', ratePerSec, requests: burst.requests, withinMs: burst.within };
  if (sync !== undefined)
    return { kind: 'sync', ratePerSec, requests: sync.requests, everyMs: sync.every ?? null };
  if (replay !== undefined) return { kind: 'replay', ...replay };
  if (closed !== undefined)
    return { kind: 'closed', clients: closed.clients, think: makeThink(closed.think) };
  return { kind: 'constant', ratePerSec };
}

function makeThink(given: NonNullable<PhaseInFile['closed']>['think']): Think {
  if (typeof given === 'number') return { law: 'constant', meanMs: given };
  const { mean: meanMs, law = 'exponential' } = given;
  if (law === 'lognormal') return { law, meanMs, sigma: given.sigma ?? 1 };
  if (law === 'pareto') return { law, meanMs, alpha: given.alpha ?? 1.5 };
  return { law, meanMs };
}
