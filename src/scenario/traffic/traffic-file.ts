import { z } from 'zod';
import { label } from '../language/label.ts';
import { phaseRate } from './phase-rate.ts';
import { mostArrivals } from './traffic-count.ts';
import { durationMs, positiveMs } from '../with-unit.ts';

const requests = z.int().min(1, 'must be at least 1').max(mostArrivals, `must be at most ${mostArrivals}`);

const arrivals = z.enum(['uniform', 'poisson', 'mmpp'], 'must be uniform, poisson or mmpp').optional();

const mmpp = z
  .strictObject({
    low: z
      .number()
      .min(0, 'must be at least 0')
      .lt(1, 'must be less than 1')
      .describe('The rate of the low state over that of the high one; 0 is on/off.'),
    high_for: positiveMs.describe('Mean length of a high state.'),
    low_for: positiveMs.describe('Mean length of a low state.'),
  })
  .optional();

const spikes = z.strictObject({
  peak: phaseRate,
  width: positiveMs,
  every: positiveMs.describe('From the start of one to the start of the next; the first starts the phase.'),
});

const burst = z.strictObject({ requests, within: positiveMs });

const sync = z.strictObject({ requests, every: positiveMs.optional().describe('Once unless given.') });

const replay = z.strictObject({
  file: z
    .string()
    .min(1, 'must not be empty')
    .describe('One arrival a line: seconds or ISO 8601, and a route where there is one.'),
  speed: z.number().gt(0, 'must be more than 0').max(1_000_000, 'must be at most 1000000').optional(),
});

const think = z.union([
  durationMs,
  z.strictObject({
    mean: durationMs,
    law: z
      .enum(
        ['exponential', 'constant', 'lognormal', 'pareto'],
        'must be exponential, constant, lognormal or pareto',
      )
      .optional()
      .describe('exponential unless given.'),
    sigma: z
      .number()
      .gt(0, 'must be more than 0')
      .max(5, 'must be at most 5')
      .optional()
      .describe('Of lognormal: the standard deviation of the logarithm. 1 unless given.'),
    alpha: z
      .number()
      .gt(1, 'must be more than 1: there is no mean otherwise')
      .max(100, 'must be at most 100')
      .optional()
      .describe('Of pareto: the smaller, the heavier its tail. 1.5 unless given.'),
  }),
]);

const closed = z.strictObject({
  clients: z.int().min(1, 'must be at least 1').max(100_000, 'must be at most 100000'),
  think: think.describe('The pause between an answer and the next request.'),
});

const phaseFile = z.strictObject({
  name: label,
  duration: positiveMs,
  rate: phaseRate.optional(),
  ramp_to: phaseRate.optional().describe('Rate at the end of the phase, reached linearly.'),
  steps: z
    .array(phaseRate)
    .min(2, 'at least two rates are needed')
    .max(1000, 'at most 1000 rates')
    .optional()
    .describe('Rates of equal parts of the phase.'),
  spikes: spikes.optional().describe('Short peaks over the rate.'),
  burst: burst.optional().describe('So many requests from the start of the phase on, besides the rate.'),
  sync: sync.optional().describe('So many requests at one instant, besides the rate.'),
  replay: replay.optional().describe('Arrivals that were recorded.'),
  closed: closed.optional().describe('Clients that wait for each answer: the service sets the rate.'),
  arrivals: arrivals.describe('How arrivals follow the rate of this phase, where not as in the others.'),
  mmpp: mmpp.describe('The two states of this phase, where not those of the others.'),
  stress: z
    .boolean()
    .optional()
    .describe('The phase that overload bounds judge and recovery is measured from.'),
});

/** `traffic:` as it stands in the file. */
export const trafficFile = z.strictObject({
  arrivals: arrivals.describe('How arrivals follow their rate. poisson unless given.'),
  mmpp: mmpp.describe('The two states of arrivals: mmpp. Their mean is the rate.'),
  max_in_flight: z
    .int()
    .min(1, 'must be at least 1')
    .max(100_000, 'must be at most 100000')
    .optional()
    .describe('Beyond it an arrival is counted as dropped, never queued. 2000 unless given.'),
  phases: z.array(phaseFile).min(1, 'at least one phase is needed'),
});

export type TrafficInFile = z.output<typeof trafficFile>;
export type PhaseInFile = TrafficInFile['phases'][number];
