import type { LoadShape, Phase, Traffic } from './traffic.ts';

/** The traffic with every rate per second, for a service of this capacity. */
export function atCapacity(traffic: Traffic, capacityPerSec: number): Traffic {
  const [first, ...rest] = traffic.phases;
  const scaled = (phase: Phase): Phase => phaseAt(phase, capacityPerSec);
  return { ...traffic, phases: [scaled(first), ...rest.map(scaled)] };
}

/** Whether any phase gives its rate as a multiple of the capacity. */
export function followsCapacity({ phases }: Pick<Traffic, 'phases'>): boolean {
  return phases.some(({ ofCapacity }) => ofCapacity === true);
}

function phaseAt({ ofCapacity, ...phase }: Phase, perSec: number): Phase {
  return ofCapacity === true ? { ...phase, shape: times(phase.shape, perSec) } : phase;
}

function times(shape: LoadShape, perSec: number): LoadShape {
  switch (shape.kind) {
    case 'replay':
    case 'closed':
      return shape;
    case 'steps':
      return { ...shape, ratesPerSec: shape.ratesPerSec.map((rate) => rate * perSec) };
    case 'ramp':
      return { ...shape, ratePerSec: shape.ratePerSec * perSec, toPerSec: shape.toPerSec * perSec };
    case 'spikes':
      return { ...shape, ratePerSec: shape.ratePerSec * perSec, peakPerSec: shape.peakPerSec * perSec };
    default:
      return { ...shape, ratePerSec: shape.ratePerSec * perSec };
  }
}
