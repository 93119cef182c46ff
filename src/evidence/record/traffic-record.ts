import { z } from 'zod';
import { exampleOf } from '../../base/json-schema.ts';
import { anyKind, snakeObject } from './snake-case.ts';

export const arrivalProcess = z.enum(['uniform', 'poisson', 'mmpp']);

const closed = snakeObject({
  clients: z.number().meta({ description: 'How many clients.', examples: [50] }),
  thinkMs: z
    .number()
    .meta({ description: 'How long they think on average, in milliseconds.', examples: [500] }),
});

/** A phase on the load's own timeline. */
export const phaseRecord = snakeObject({
  name: z.string().meta({ description: 'As in the scenario.', examples: ['burst'] }),
  startUs: z.number().meta({
    description: 'Microseconds since load start; add load_start_us for run time.',
    examples: [10_000_000],
  }),
  endUs: z.number().meta({ description: 'The same for its end.', examples: [20_000_000] }),
  ratePerSec: z.number().meta({ description: 'Arrivals a second where it begins.', examples: [200] }),
  rampToPerSec: z.number().meta({ description: 'Arrivals a second where it ends.', examples: [200] }),
  stress: z.boolean().meta({
    description: 'Whether the phase is meant to push the service past its limits.',
    examples: [true],
  }),
  arrivals: z.number().meta({ description: 'How many the schedule has.', examples: [1987] }),
  arrivalsPerRoute: z
    .array(z.number())
    .meta({ description: 'The same, in the order of the routes.', examples: [[1789, 198]] }),
  peakPerSec: z
    .number()
    .meta({ description: 'The highest planned rate; 0 where the phase is closed.', examples: [200] }),
  shape: z
    .string()
    .meta({ description: 'How the rate goes, in the words of the scenario.', examples: ['200/s'] }),
  process: arrivalProcess.nullable().meta({
    description: 'How arrivals follow the rate; null where nothing is drawn.',
    examples: ['poisson'],
  }),
  closed: closed.nullable().meta({
    description: 'Clients that wait for each answer, think and ask again; null where arrivals are planned.',
    examples: [null, exampleOf(closed)],
  }),
  dispersion: z
    .number()
    .nullable()
    .meta({
      description: 'Variance over mean of the planned arrivals a second; null where none is planned.',
      examples: [0.97],
    }),
  longRunDispersion: z
    .number()
    .nullable()
    .meta({ description: 'What dispersion tends to in a long phase; null: unknown.', examples: [1] }),
});

/** A step of the scenario's `chaos:` on the load's own timeline. */
export const chaosRecord = z.object({
  id: z
    .string()
    .meta({ description: 'Its id in the scenario, or one made from its place.', examples: ['1-db.latency'] }),
  at_us: z.number().meta({ description: 'Microseconds since load start.', examples: [13_000_000] }),
  for_us: z
    .number()
    .nullable()
    .meta({
      description: 'How long, in microseconds; null where it is done once and stays.',
      examples: [5_000_000],
    }),
  service: z.string().meta({ description: 'The service it is about.', examples: ['api'] }),
  fault: anyKind.meta({
    description: 'What is done, with its parameters.',
    examples: [{ kind: 'db.latency', delay_ms: 50 }],
  }),
});

const calibrationStep = z.object({
  name: z
    .string()
    .meta({ description: 'What its attempts have as their phase.', examples: ['calibration 1'] }),
  rate_per_sec: z.number().meta({ description: 'Arrivals a second.', examples: [40] }),
  start_us: z.number().meta({ description: 'Run time in microseconds.', examples: [5_000_000] }),
  end_us: z.number().meta({ description: 'The same for its end.', examples: [9_000_000] }),
});

/** A calibration's own schedule; its attempts stand under the names of its steps. */
export const calibrationRecord = z.object({
  when: z
    .enum(['before', 'after'])
    .meta({ description: 'Before the load, or after it once more.', examples: ['before'] }),
  start_us: z.number().meta({ description: 'Run time in microseconds.', examples: [5_000_000] }),
  hash: z.string().meta({
    description: 'Hash of its arrivals.',
    examples: ['18294b5de7923dea884dacf37a734d39e1ee8507d81d207f44bb75ad2899ffe2'],
  }),
  planned: z.number().meta({ description: 'How many arrivals.', examples: [640] }),
  steps: z.array(calibrationStep).meta({
    description: 'Its steps, in time order.',
    examples: [[exampleOf(calibrationStep)]],
  }),
});

/** A route of the requests. */
export const routeRecord = z.object({
  name: z.string().meta({ description: 'As in the scenario.', examples: ['read'] }),
  weight: z.number().meta({ description: 'Its share, relative to the others.', examples: [9] }),
  hold_ms: z
    .number()
    .nullable()
    .meta({
      description: 'How long a request holds its session, in milliseconds; null: not declared.',
      examples: [101],
    }),
});

/** What the plan expects of a phase. */
export const predictionRecord = z.object({
  id: z.string().meta({ description: 'What is predicted.', examples: ['busy_sessions'] }),
  statement: z.string().meta({
    description: 'The arithmetic behind the value.',
    examples: ['44/s x 101 ms = 4.44 sessions (Little), of 2 x 1 x 4 = 8 in the pools: 4.44 busy on average'],
  }),
  phase: z.string().meta({ description: 'The phase it is about.', examples: ['baseline'] }),
  value: z.number().meta({ description: 'The predicted value.', examples: [4.444] }),
  unit: z
    .enum(['sessions', 'ms', 'per_sec', 'ratio'])
    .meta({ description: 'The unit of the value.', examples: ['sessions'] }),
});
