import { z } from 'zod';
import { anyKind, snakeObject } from './snake-case.ts';

export const arrivalProcess = z.enum(['uniform', 'poisson', 'mmpp']);

/** A phase on the load's own timeline. */
export const phaseRecord = snakeObject({
  name: z.string(),
  startUs: z.number().describe('Microseconds since load start; add load_start_us for run time.'),
  endUs: z.number(),
  ratePerSec: z.number(),
  rampToPerSec: z.number(),
  stress: z.boolean().describe('Whether the phase is meant to push the service past its limits.'),
  arrivals: z.number().describe('How many the schedule has.'),
  arrivalsPerRoute: z.array(z.number()).describe('The same, in the order of the routes.'),
  peakPerSec: z.number().describe('The highest planned rate; 0 where the phase is closed.'),
  shape: z.string().describe('How the rate goes, in the words of the scenario.'),
  process: arrivalProcess.nullable().describe('How arrivals follow the rate; null where nothing is drawn.'),
  closed: snakeObject({ clients: z.number(), thinkMs: z.number() })
    .nullable()
    .describe('Clients that wait for each answer, think and ask again; null where arrivals are planned.'),
  dispersion: z.number().nullable().describe('Variance over mean of the planned arrivals a second.'),
  longRunDispersion: z
    .number()
    .nullable()
    .describe('What dispersion tends to in a long phase; null: unknown.'),
});

/** A step of the scenario's `chaos:` on the load's own timeline. */
export const chaosRecord = z.object({
  id: z.string(),
  at_us: z.number().describe('Microseconds since load start.'),
  for_us: z.number().nullable().describe('Null where it is done once and stays.'),
  service: z.string(),
  fault: anyKind.describe('What is done, with its parameters.'),
});

/** A calibration's own schedule; its attempts stand under the names of its steps. */
export const calibrationRecord = z.object({
  when: z.enum(['before', 'after']),
  start_us: z.number(),
  hash: z.string(),
  planned: z.number(),
  steps: z.array(
    z.object({ name: z.string(), rate_per_sec: z.number(), start_us: z.number(), end_us: z.number() }),
  ),
});

/** A route of the requests. */
export const routeRecord = z.object({
  name: z.string(),
  weight: z.number(),
  hold_ms: z.number().nullable().describe('How long a request holds its session; null: not declared.'),
});

/** What the plan expects of a phase. */
export const predictionRecord = z.object({
  id: z.string(),
  statement: z.string().describe('The arithmetic behind the value.'),
  phase: z.string(),
  value: z.number(),
  unit: z.enum(['sessions', 'ms', 'per_sec', 'ratio']),
});
