import { z } from 'zod';
import { outcomes } from '../../evidence/attempt.ts';
import { incidentShape } from './incident/incident-shape.ts';
import {
  amplification,
  bound,
  change,
  diagnosis,
  goodput,
  guard,
  latency,
  pooler,
  prediction,
  provenance,
  sessions,
} from './summary-shapes.ts';

const answer = z.enum(['yes', 'no', 'inconclusive']);

/** `summary.json`: the single source of every surface. Holds nothing that changes from one judging to the next. */
export const summarySchema = z.object({
  schema_version: z.literal(1),
  name: z.string(),
  started_at: z.string(),
  tool_version: z.string(),
  /** Files that took the place of the rules the run was made with; null where its own counted. */
  judged_by: z.object({ contract: z.string().nullable(), rules: z.string().nullable() }),
  verdict: z.enum(['PASS', 'DEGRADED', 'FAIL', 'INCONCLUSIVE', 'ABORTED', 'INTERRUPTED']),
  headline: z.string(),
  /** Where the numbers come from, section by section; bounds, guards and predictions say it of themselves. */
  provenance: z.object({
    platform: provenance,
    profile: z.enum(['cloudrun', 'knative']).nullable(),
    /** What the emulator was held against. */
    calibration: z.string(),
    sections: z.object({
      backends: provenance,
      refusals: provenance,
      canaries: provenance,
      server_log: provenance,
      /** What the generator did. */
      schedule: provenance,
      /** Its sessions and refusals; the number of instances is as in `instances`. */
      exercise: provenance,
      instances: provenance,
      outcomes: provenance,
      latency: provenance,
      amplification: provenance,
      goodput: provenance,
      changes: provenance,
    }),
  }),
  answers: z.object({ bounded: answer, fast_failing: answer }),
  /** How hard the run exercised the service, in one sentence and in numbers. */
  exercise: z.object({
    statement: z.string(),
    exercised: z.boolean(),
    saturated_ratio: z.number().nullable(),
    /** Null where the platform does not tell. */
    peak_instances: z.number().nullable(),
  }),
  budget: z.object({
    max_connections: z.number(),
    reserved: z.number(),
    usable: z.number(),
    headroom: z.number(),
    claim: z.number(),
    claim_overlap: z.number(),
    planned: z.number(),
    fits: z.boolean(),
    accepted_overcommit: z.boolean(),
    sum: z.string(),
    /** Each declared service's part in `claim` and `claim_overlap`, which are of all together. */
    services: z.array(z.object({ service: z.string(), claim: z.number(), claim_overlap: z.number() })),
  }),
  /** The second layer of the budget, a pooler each; empty where none was looked at. Peaks are sampled. */
  poolers: z.array(pooler),
  bounds: z.array(bound),
  validity: z.array(guard),
  diagnosis: z.array(diagnosis),
  /** Null where Postgres refused nobody. */
  incident: incidentShape.nullable(),
  predictions: z.array(prediction),
  outcomes: z
    .array(z.object({ phase: z.string(), counts: z.partialRecord(z.enum(outcomes), z.number()) }))
    .describe('Attempts, retries included, by the phase of their arrival.'),
  latency: z.array(latency).describe('Of attempts, retries included, each from its own intended start.'),
  amplification: z.array(amplification),
  goodput: z.array(goodput),
  backends: z.object({
    peak_sampled: z.number().nullable(),
    peak_upper: z.number().nullable(),
    peak_exact: z.number().nullable(),
    refused: z.number(),
    services: z.array(sessions),
  }),
  /** Of the service that load was sent at; `services` has every declared one. Null where the platform does not tell. */
  instances: z.object({
    peak: z.number().nullable(),
    started: z.number().nullable(),
    failed: z.number().nullable(),
    limit: z.number(),
    services: z.array(
      z.object({
        service: z.string(),
        peak: z.number().nullable(),
        started: z.number().nullable(),
        failed: z.number().nullable(),
        limit: z.number(),
      }),
    ),
  }),
  /** Rollouts and faults, in time order. */
  changes: z.array(change),
  schedule: z.object({
    hash: z.string(),
    /** Arrivals of the schedule: sent, or dropped because too many were in flight. */
    planned: z.number(),
    sent: z.number(),
    dropped: z.number(),
    /** The same of the requests of closed phases, which no schedule has; null without such phases. */
    closed: z.object({ sent: z.number(), dropped: z.number() }).nullable(),
    /** Retries are not planned. */
    retries: z.number(),
    retries_dropped: z.number(),
    /** Attempts still open at the end. */
    unfinished: z.number(),
    /** How late first attempts were sent, and retries after the moment that their policy chose. */
    lag_p99_ms: z.number().nullable(),
    retry_lag_p99_ms: z.number().nullable(),
  }),
  phases: z.array(
    z.object({
      name: z.string(),
      from_us: z.number(),
      to_us: z.number(),
      /** Mean planned rate; null where the phase is closed. */
      rate_per_sec: z.number().nullable(),
      /** Variance over mean of the planned arrivals in windows of 1 s: 1 for independent callers. */
      dispersion: z.number().nullable(),
      /** The service sets its own load: clients wait for their answer, think, and ask again. */
      closed: z
        .object({ clients: z.number(), think_ms: z.number(), effective_per_sec: z.number().nullable() })
        .nullable(),
      stress: z.boolean(),
    }),
  ),
  /** What the reader must know about this run's limits: what was not tested, what could not be read. */
  caveats: z.array(z.string()),
  ended: z.object({ how: z.string(), reason: z.string().nullable() }),
});

export type Summary = z.infer<typeof summarySchema>;

/** The JSON Schema of `summary.json`, as published in `scenarios/schema/summary.v1.json`. */
export function summaryJsonSchema(): object {
  return {
    ...z.toJSONSchema(summarySchema, { target: 'draft-2020-12' }),
    title: 'poolproof summary',
    description: 'The verdict of one run with the evidence behind it.',
  };
}
