import { z } from 'zod';
import { positiveMs } from '../language/with-unit.ts';
import { phaseRate, type RateInFile } from './phase-rate.ts';
import { makeThink, thinkShape, writeThink } from './think-codec.ts';
import { mostArrivals } from './traffic-count.ts';
import type { LoadShape, ReadReplay } from './traffic.ts';

const requests = z.int().min(1, 'must be at least 1').max(mostArrivals, `must be at most ${mostArrivals}`);

const spikes = z.strictObject({
  peak: phaseRate.describe('The rate during a spike.').meta({ examples: ['200/s'] }),
  width: positiveMs.describe('How long a spike lasts.').meta({ examples: ['1s'] }),
  every: positiveMs
    .describe('From the start of one spike to the start of the next; the first starts with the phase.')
    .meta({ examples: ['5s'] }),
});

const burst = z.strictObject({
  requests: requests.describe('How many requests the burst has.').meta({ examples: [300] }),
  within: positiveMs
    .describe('The time that they are spread over, from the start of the phase.')
    .meta({ examples: ['1s'] }),
});

const sync = z.strictObject({
  requests: requests.describe('How many requests are sent at one instant.').meta({ examples: [100] }),
  every: positiveMs
    .optional()
    .describe('Time from one such instant to the next. Default: once, at the start of the phase.')
    .meta({ examples: ['10s'] }),
});

const replay = z.strictObject({
  file: z
    .string()
    .min(1, 'must not be empty')
    .describe(
      'The list: one arrival a line, its time in seconds or ISO 8601 and, after a comma, its request.',
    )
    .meta({ examples: ['times.csv'] }),
  speed: z
    .number()
    .gt(0, 'must be more than 0')
    .max(1_000_000, 'must be at most 1000000')
    .optional()
    .describe('Replays the list this many times faster. Default: 1.')
    .meta({ examples: [2] }),
});

const closed = z.strictObject({
  clients: z
    .int()
    .min(1, 'must be at least 1')
    .max(100_000, 'must be at most 100000')
    .describe('How many clients send, wait for the answer, and send again.')
    .meta({ examples: [50] }),
  think: thinkShape
    .describe('The pause between an answer and the next request.')
    .meta({ examples: ['500ms', { mean: '500ms', law: 'lognormal' }] }),
});

/** The keys of a phase that say its load. */
export const loadKeys = {
  rate: phaseRate
    .optional()
    .describe('Arrivals per second; 0/s is a pause.')
    .meta({ examples: ['20/s'] }),
  ramp_to: phaseRate
    .optional()
    .describe('The rate at the end of the phase, reached linearly.')
    .meta({ examples: ['200/s'] }),
  steps: z
    .array(phaseRate)
    .min(2, 'at least two rates are needed')
    .max(1000, 'at most 1000 rates')
    .optional()
    .describe('Rates for equal parts of the phase.')
    .meta({ examples: [['10/s', '50/s', '20/s']] }),
  spikes: spikes
    .optional()
    .describe('Short peaks above the rate.')
    .meta({ examples: [{ peak: '200/s', width: '1s', every: '5s' }] }),
  burst: burst
    .optional()
    .describe('A number of requests at the start of the phase, on top of the rate.')
    .meta({ examples: [{ requests: 300, within: '1s' }] }),
  sync: sync
    .optional()
    .describe('A number of requests at one instant, on top of the rate.')
    .meta({ examples: [{ requests: 100, every: '10s' }] }),
  replay: replay
    .optional()
    .describe('Arrivals from a recorded list.')
    .meta({ examples: [{ file: 'times.csv', speed: 2 }] }),
  closed: closed
    .optional()
    .describe('Clients that wait for each answer: the service sets the rate.')
    .meta({ examples: [{ clients: 50, think: '500ms' }] }),
};

/** What a phase says of its load; a checked one has one shape. */
export type LoadInFile = z.output<z.ZodObject<typeof loadKeys>>;

/** The load of a phase; what it replays was read before. */
export function makeLoad(given: LoadInFile, recorded: ReadReplay | undefined): LoadShape {
  const { ramp_to: toRate, steps, spikes, burst, sync, closed } = given;
  const ratePerSec = given.rate?.value ?? 0;
  if (toRate !== undefined) return { kind: 'ramp', ratePerSec, toPerSec: toRate.value };
  if (steps !== undefined) return { kind: 'steps', ratesPerSec: steps.map(({ value }) => value) };
  if (spikes !== undefined) {
    const { peak, width: widthMs, every: everyMs } = spikes;
    return { kind: 'spikes', ratePerSec, peakPerSec: peak.value, widthMs, everyMs };
  }
  if (burst !== undefined)
    return { kind: 'burst', ratePerSec, requests: burst.requests, withinMs: burst.within };
  if (sync !== undefined)
    return { kind: 'sync', ratePerSec, requests: sync.requests, everyMs: sync.every ?? null };
  if (recorded !== undefined) return { kind: 'replay', ...recorded };
  if (closed !== undefined)
    return { kind: 'closed', clients: closed.clients, think: makeThink(closed.think) };
  return { kind: 'constant', ratePerSec };
}

/** The inverse of `makeLoad`. */
export function writeLoad(shape: LoadShape, ofCapacity: boolean): LoadInFile {
  const rateOf = (value: number): RateInFile => ({ value, ofCapacity });
  switch (shape.kind) {
    case 'constant':
      return { rate: rateOf(shape.ratePerSec) };
    case 'ramp':
      return { rate: rateOf(shape.ratePerSec), ramp_to: rateOf(shape.toPerSec) };
    case 'steps':
      return { steps: shape.ratesPerSec.map(rateOf) };
    case 'spikes': {
      const { ratePerSec, peakPerSec, widthMs: width, everyMs: every } = shape;
      return { rate: rateOf(ratePerSec), spikes: { peak: rateOf(peakPerSec), width, every } };
    }
    case 'burst': {
      const { ratePerSec, requests, withinMs: within } = shape;
      return { rate: rateOf(ratePerSec), burst: { requests, within } };
    }
    case 'sync': {
      const { ratePerSec, requests, everyMs } = shape;
      const every = everyMs === null ? {} : { every: everyMs };
      return { rate: rateOf(ratePerSec), sync: { requests, ...every } };
    }
    case 'replay':
      return { replay: { file: shape.file, speed: shape.speed } };
    case 'closed':
      return { closed: { clients: shape.clients, think: writeThink(shape.think) } };
  }
}
