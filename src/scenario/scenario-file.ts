import { z } from 'zod';
import { contractFile } from '../contract/contract-file.ts';
import { chaosFile } from './chaos-file.ts';
import { label, localFile } from './local-file.ts';
import { durationMs, ratePerSec } from './with-unit.ts';

const positiveMs = durationMs.refine((ms) => ms > 0, 'must be more than 0');

const flag = z.boolean();

const phase = z.strictObject({
  name: label,
  duration: positiveMs,
  rate: ratePerSec,
  ramp_to: ratePerSec.optional().describe('Rate at the end of the phase, reached linearly.'),
  stress: flag.optional().describe('The phase that overload bounds judge and recovery is measured from.'),
});

const status = z.int().min(100, 'no HTTP status').max(599, 'no HTTP status');

const path = z.string().regex(/^\/[^\s#]*$/, 'must be a path that starts with "/" and has no spaces');

const request = z.strictObject({
  name: z.string().regex(/^[^\p{Cc}]{1,80}$/u, 'must be 1 to 80 printable characters'),
  weight: z.number().positive('must be more than 0').max(1_000_000).optional(),
  get: path.optional(),
  post: path.optional(),
  put: path.optional(),
  patch: path.optional(),
  delete: path.optional(),
  headers: z.record(z.string(), z.string('expected text: put it in quotes')).optional(),
  json: z.unknown().optional().describe('The body, sent as JSON.'),
  body: z.string().optional().describe('The body, sent as it is.'),
  hold: durationMs
    .optional()
    .describe('How long such a request should hold a session; used for predictions only.'),
  expect: z
    .strictObject({
      status: z.union([status, z.array(status).min(1, 'at least one status is needed')]).optional(),
      body_not_empty: flag.optional(),
    })
    .optional(),
});

/** The scenario as it stands in the file. Keys that are not built yet are told apart before this is asked. */
export const scenarioFile = z
  .strictObject({
    version: z.literal(1, 'must be 1, the only version there is'),
    name: label,
    seed: z
      .int()
      .min(0, 'must be at least 0')
      .optional()
      .describe('Everything random comes from it. 1 unless given.'),
    contract: z
      .union([z.string().min(1), contractFile])
      .optional()
      .describe('The connection budget: a file, or inline.'),
    target: z.strictObject({ local: localFile }),
    postgres: z
      .strictObject({
        embedded: z.strictObject({
          max_connections: z
            .int()
            .min(10, 'must be at least 10')
            .max(10_000, 'must be at most 10000')
            .optional(),
          setup: z.string().min(1).optional().describe('A file of SQL to run before the service starts.'),
        }),
      })
      .optional(),
    traffic: z.strictObject({
      arrivals: z.enum(['uniform', 'poisson'], 'must be uniform or poisson').optional(),
      max_in_flight: z
        .int()
        .min(1, 'must be at least 1')
        .max(100_000, 'must be at most 100000')
        .optional()
        .describe('Beyond it an arrival is counted as dropped, never queued. 2000 unless given.'),
      phases: z.array(phase).min(1, 'at least one phase is needed'),
    }),
    requests: z.array(request).min(1, 'at least one request is needed'),
    client: z
      .strictObject({
        timeout: positiveMs.optional().describe('An attempt is given up after this long.'),
        deadline: positiveMs.optional().describe('An answer later than this is worth nothing.'),
        retry: z.literal('none', 'must be none').optional(),
      })
      .optional(),
    chaos: chaosFile.optional().describe('What is done to the services while load runs.'),
    sampling: z
      .strictObject({
        every: durationMs.refine((ms) => ms >= 10 && ms <= 10_000, 'must be between 10ms and 10s').optional(),
      })
      .optional(),
    safety: z
      .strictObject({
        allow_hosts: z.array(z.string().min(1)).optional(),
        accept_overcommit: flag.optional(),
      })
      .optional(),
  })
  .meta({ title: 'poolproof scenario' });

export type ScenarioFile = z.output<typeof scenarioFile>;
export type RequestInFile = ScenarioFile['requests'][number];
