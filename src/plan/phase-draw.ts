import type { RequestSpec } from '../scenario/requests/request-spec.ts';
import type { Phase } from '../scenario/traffic/traffic.ts';
import { processMoments } from './processes/process-moments.ts';
import { makeRouteMix } from './route-mix.ts';
import { patternOf } from './shapes/pattern-of.ts';
import { randomStreamsOf, type RandomStreams } from './random-streams.ts';

/** The arrivals of one phase, in time order. */
export interface DrawnPhase {
  /** Microseconds from the phase's start; whole. */
  readonly moments: readonly number[];
  /** Index of each one's route. */
  readonly routes: readonly number[];
}

/** Draws the arrivals of a phase and their routes, from random streams of the phase. */
export function drawPhase(
  phase: Phase,
  seed: number,
  requests: readonly Pick<RequestSpec, 'weight'>[],
): DrawnPhase {
  const streams = randomStreamsOf(seed, phase.name);
  const moments = momentsOf(phase, streams);
  const drawRoute = makeRouteMix(requests, streams('routes'));
  const drawn = moments.map(() => drawRoute());
  if (phase.shape.kind !== 'replay') return { moments, routes: drawn };
  // All arrivals of a replay are its own, so they are in the order of its routes.
  const { routes } = phase.shape;
  return { moments, routes: drawn.map((route, index) => routes[index] ?? route) };
}

function momentsOf(phase: Phase, streams: RandomStreams): readonly number[] {
  const { curve, extraArrivals } = patternOf(phase);
  const following = processMoments(curve, phase.arrivals, streams);
  const own = extraArrivals?.(phase.arrivals, streams) ?? [];
  if (following.length === 0) return own;
  return own.length === 0 ? following : Array.from(Float64Array.from([...following, ...own]).sort());
}
