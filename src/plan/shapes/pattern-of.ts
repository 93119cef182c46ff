import type { Phase } from '../../scenario/traffic/traffic.ts';
import { burst } from './burst.ts';
import { closed } from './closed.ts';
import { constant } from './constant.ts';
import type { Pattern } from './pattern.ts';
import { ramp } from './ramp.ts';
import { replay } from './replay.ts';
import { spikes } from './spikes.ts';
import { steps } from './steps.ts';
import { sync } from './sync.ts';

/** The load that a phase's shape stands for. */
export function patternOf({ shape, durationMs }: Pick<Phase, 'shape' | 'durationMs'>): Pattern {
  const durationUs = Math.floor(durationMs * 1000);
  switch (shape.kind) {
    case 'constant':
      return constant(shape, durationUs);
    case 'ramp':
      return ramp(shape, durationUs);
    case 'steps':
      return steps(shape, durationUs);
    case 'spikes':
      return spikes(shape, durationUs);
    case 'burst':
      return burst(shape, durationUs);
    case 'sync':
      return sync(shape, durationUs);
    case 'replay':
      return replay(shape);
    case 'closed':
      return closed(shape);
  }
}
