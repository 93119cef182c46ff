import type { ArrivalProcess } from '../../scenario/traffic/traffic.ts';
import type { RateCurve } from '../rate-curve.ts';
import type { RandomStreams } from '../random-streams.ts';
import { mmppMoments } from './mmpp.ts';
import { poissonMoments } from './poisson.ts';
import { uniformMoments } from './uniform.ts';

/** The arrivals of a process under a curve: whole microseconds from its start, ascending, all before its end. */
export function processMoments(curve: RateCurve, process: ArrivalProcess, streams: RandomStreams): number[] {
  switch (process.kind) {
    case 'uniform':
      return uniformMoments(curve);
    case 'poisson':
      return poissonMoments(curve, streams);
    case 'mmpp':
      return mmppMoments(curve, process, streams);
  }
}
