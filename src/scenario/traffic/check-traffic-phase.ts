import type { Problem } from '../../base/errors.ts';
import { formatMs } from '../../base/units.ts';
import type { YamlFile, YamlPath } from '../../base/yaml.ts';
import { ratesOf, type PhaseInFile } from './phase-codec.ts';
import { exampleStates } from './process-codec.ts';
import { inFlightOf, type TrafficInFile } from './traffic-codec.ts';

/** A problem of one phase: what is wrong, at which of its keys, and what to do. */
interface Wrong {
  readonly message: string;
  readonly at: YamlPath;
  readonly hint?: string;
}

/** The keys that choose a shape, and whether `rate` may stand beside them. */
const shapes = {
  ramp_to: 'needed',
  steps: 'refused',
  spikes: 'needed',
  burst: 'optional',
  sync: 'optional',
  replay: 'refused',
  closed: 'refused',
} as const satisfies Partial<Record<keyof PhaseInFile, 'needed' | 'optional' | 'refused'>>;

type ShapeKey = keyof typeof shapes;

/** What no shape can check of a phase: one load shape, the keys that belong to it, and numbers that fit. */
export function checkTrafficPhase(
  phase: PhaseInFile,
  index: number,
  whole: TrafficInFile,
  source: YamlFile,
): readonly Problem[] {
  const path: YamlPath = ['traffic', 'phases', index];
  const wrong = [
    ...shapeProblems(phase),
    ...rateProblems(phase),
    ...processProblems(phase, whole),
    ...spikeProblems(phase),
    ...burstProblems(phase),
    ...closedProblems(phase, inFlightOf(whole)),
  ];
  return wrong.map(({ message, at, hint }) => ({
    message: `${[...path, ...at].join('.')}: ${message}`,
    place: at.length === 0 ? source.placeOf(path) : source.placeOfKey([...path, ...at]),
    ...(hint === undefined ? {} : { hint }),
  }));
}

function shapeProblems(phase: PhaseInFile): readonly Wrong[] {
  const [shape, ...others] = shapesOf(phase);
  if (shape === undefined) {
    const known = 'rate, steps, burst, sync, replay, closed';
    return phase.rate === undefined
      ? [{ message: `has no load: it needs one of ${known}`, at: [], hint: 'rate: 0/s is a pause' }]
      : [];
  }
  const apart = { hint: 'a phase has one shape: make it two phases' };
  return [
    ...others.map((other) => ({
      message: `"${other}" and "${shape}" exclude each other`,
      at: [other],
      ...apart,
    })),
    ...(phase.rate === undefined && shapes[shape] === 'needed'
      ? [{ message: `"${shape}" needs a "rate" beside it`, at: [shape] }]
      : []),
    ...(phase.rate !== undefined && shapes[shape] === 'refused'
      ? [{ message: `"rate" and "${shape}" exclude each other`, at: ['rate'], hint: 'leave rate out' }]
      : []),
  ];
}

function shapesOf(phase: PhaseInFile): readonly ShapeKey[] {
  return (Object.keys(shapes) as ShapeKey[]).filter((key) => phase[key] !== undefined);
}

/** An mmpp needs its states; if they are missing for the whole traffic, that is said once and not for each phase. */
function processProblems(phase: PhaseInFile, whole: TrafficInFile): readonly Wrong[] {
  const idle = idleKeys(phase);
  if (idle.length > 0)
    return idle.map((key) => ({
      message: 'has no effect: no rate follows it',
      at: [key],
      hint: `leave ${key} out`,
    }));
  if (phase.arrivals === 'mmpp' && phase.mmpp === undefined && whole.mmpp === undefined)
    return [{ message: 'mmpp needs its states', at: ['arrivals'], hint: exampleStates }];
  if (phase.mmpp === undefined || (phase.arrivals ?? whole.arrivals) === 'mmpp') return [];
  const hint = 'set arrivals: mmpp, or leave mmpp out';
  return [{ message: 'the arrivals of this phase are not mmpp', at: ['mmpp'], hint }];
}

/** Keys of a process that have no effect. A burst alone may be uniform or poisson, but has no states. */
function idleKeys(phase: PhaseInFile): readonly ('arrivals' | 'mmpp')[] {
  const { rate, burst, sync, replay, closed, arrivals } = phase;
  const isIdle = replay !== undefined || closed !== undefined || (sync !== undefined && rate === undefined);
  const isBurstAlone = burst !== undefined && rate === undefined;
  return (['arrivals', 'mmpp'] as const).filter(
    (key) =>
      phase[key] !== undefined && (isIdle || (isBurstAlone && (key === 'mmpp' || arrivals === 'mmpp'))),
  );
}

/** A phase is per second or of the capacity, not both; a rate of 0 is the same in either. */
function rateProblems(phase: PhaseInFile): readonly Wrong[] {
  const rates = ratesOf(phase).filter(({ value }) => value > 0);
  const isMixed = rates.some(({ ofCapacity }) => ofCapacity) && rates.some(({ ofCapacity }) => !ofCapacity);
  if (!isMixed) return [];
  const hint = 'write all of them per second, or all as "3x capacity"';
  return [{ message: 'mixes rates per second with multiples of the capacity', at: [], hint }];
}

function spikeProblems({ spikes, rate }: PhaseInFile): readonly Wrong[] {
  if (spikes === undefined) return [];
  return [
    ...(spikes.width < spikes.every
      ? []
      : [
          {
            message: 'must be less than "every"',
            at: ['spikes', 'width'],
            hint: 'otherwise the rate never comes down',
          },
        ]),
    ...(spikes.peak.value > (rate?.value ?? 0)
      ? []
      : [{ message: "must be more than the phase's rate", at: ['spikes', 'peak'] }]),
  ];
}

function burstProblems({ burst, duration }: PhaseInFile): readonly Wrong[] {
  if (burst === undefined || burst.within <= duration) return [];
  return [{ message: `is longer than the phase, ${formatMs(duration)}`, at: ['burst', 'within'] }];
}

function closedProblems({ closed }: PhaseInFile, maxInFlight: number): readonly Wrong[] {
  if (closed === undefined) return [];
  const think = typeof closed.think === 'number' ? null : closed.think;
  const only = (key: 'sigma' | 'alpha', law: string): readonly Wrong[] =>
    think?.[key] === undefined || think.law === law
      ? []
      : [{ message: `has no effect: law is not ${law}`, at: ['closed', 'think', key] }];
  return [
    ...(closed.clients <= maxInFlight
      ? []
      : [
          {
            message: `${closed.clients} clients, but max_in_flight drops what is beyond ${maxInFlight}`,
            at: ['closed', 'clients'],
            hint: `raise traffic.max_in_flight to ${closed.clients}`,
          },
        ]),
    ...only('sigma', 'lognormal'),
    ...only('alpha', 'pareto'),
  ];
}
