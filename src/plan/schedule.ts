import { InputError } from '../base/errors.ts';
import { makeRandom } from '../base/random.ts';
import type { Scenario } from '../scenario/scenario.ts';
import type { Phase } from '../scenario/traffic.ts';
import { poissonMoments } from './poisson.ts';
import { expectedArrivals, type RateCurve } from './rate-curve.ts';
import { makeRouteMix } from './route-mix.ts';
import type { Arrivals } from './run-plan.ts';
import { uniformMoments } from './uniform.ts';

/** What a schedule depends on; payloads and client settings are not part of it. */
export type ScheduleInput = Pick<Scenario, 'seed' | 'requests'> & {
  readonly traffic: Pick<Scenario['traffic'], 'arrivals' | 'phases'>;
};

/** An arrival takes 12 bytes here and a few hundred as evidence: beyond this the machine would run out. */
const maxArrivals = 20_000_000;

/**
 * Every arrival's intended time, route and phase. Each phase draws from streams of its own, named after it,
 * so that changing one phase leaves the others' gaps and routes as they were.
 */
export function makeSchedule(input: ScheduleInput): Arrivals {
  const starts = phaseStartsUs(input.traffic.phases);
  refuseHuge(input.traffic.phases);
  const drawn = input.traffic.phases.map((phase, index) => drawPhase(input, phase, starts[index] ?? 0));
  const count = drawn.reduce((sum, { intended }) => sum + intended.length, 0);
  const arrivals = {
    count,
    intendedUs: new Float64Array(count),
    route: new Uint16Array(count),
    phase: new Uint16Array(count),
  };
  let next = 0;
  for (const [phase, { intended, routes }] of drawn.entries()) {
    arrivals.intendedUs.set(intended, next);
    arrivals.route.set(routes, next);
    arrivals.phase.fill(phase, next, next + intended.length);
    next += intended.length;
  }
  return arrivals;
}

/** The start of every phase and, last, the end of them all: whole microseconds since load start. */
export function phaseStartsUs(phases: readonly Pick<Phase, 'durationMs'>[]): number[] {
  const starts = [0];
  let passedMs = 0;
  for (const { durationMs } of phases) starts.push(Math.round((passedMs += durationMs) * 1000));
  return starts;
}

function drawPhase(
  { seed, requests, traffic }: ScheduleInput,
  phase: Phase,
  startUs: number,
): { intended: number[]; routes: number[] } {
  const moments =
    traffic.arrivals === 'uniform'
      ? uniformMoments(curveOf(phase))
      : poissonMoments(curveOf(phase), makeRandom(seed, `arrivals/${phase.name}`));
  const drawRoute = makeRouteMix(requests, makeRandom(seed, `routes/${phase.name}`));
  return { intended: moments.map((moment) => startUs + moment), routes: moments.map(() => drawRoute()) };
}

function curveOf(phase: Phase): RateCurve {
  return {
    fromPerSec: phase.ratePerSec,
    toPerSec: phase.rampToPerSec ?? phase.ratePerSec,
    durationUs: Math.floor(phase.durationMs * 1000),
  };
}

function refuseHuge(phases: readonly Phase[]): void {
  const expected = phases.reduce((sum, phase) => sum + expectedArrivals(curveOf(phase)), 0);
  if (expected <= maxArrivals) return;
  throw new InputError([
    {
      message: `the phases ask for ${Math.round(expected)} arrivals; a run holds at most ${maxArrivals}`,
      hint: 'shorten the phases or lower their rates',
    },
  ]);
}
