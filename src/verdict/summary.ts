import { z } from 'zod';
import { outcomes } from '../evidence/attempt.ts';
import { incidentShape } from './incident/incident-shape.ts';

const status = z.enum(['PASS', 'PASS_SAMPLED', 'FAIL', 'INCONCLUSIVE', 'NOT_APPLICABLE']);
const answer = z.enum(['yes', 'no', 'inconclusive']);
/** `observed`: it really happened, on this machine. `emulated`: the platform's emulator had a hand in it. */
const provenance = z.enum(['emulated', 'observed']);
const moment = z.object({ t_us: z.number(), phase: z.string().nullable(), offset_ms: z.number() });

const bound = z.object({
  id: z.string(),
  name: z.string(),
  severity: z.enum(['hard', 'soft']),
  status,
  value: z.number().nullable(),
  limit: z.number().nullable(),
  unit: z.string(),
  reason: z.string(),
  /** When it was first broken: run time, the phase it fell in, milliseconds into that phase. */
  first_violation: moment.nullable(),
  witness: z.object({ from_us: z.number(), to_us: z.number(), what: z.string() }).nullable(),
  n: z.number(),
  coverage: z.number().nullable(),
  /** How sure the clean observations make us of the share that is judged, 0..1; null where no share is. */
  confidence: z.number().nullable(),
  provenance,
});

const guard = z.object({
  id: z.string(),
  name: z.string(),
  ok: z.boolean(),
  value: z.number().nullable(),
  limit: z.number().nullable(),
  unit: z.string(),
  reason: z.string(),
  /** Bounds that this guard, broken, makes INCONCLUSIVE unless they FAIL. */
  affects: z.array(z.string()),
  provenance,
});

const percentiles = z.object({
  p50: z.number(),
  p90: z.number(),
  p99: z.number().nullable(),
  max: z.number(),
});

const latency = z.object({
  phase: z.string(),
  outcome: z.string(),
  n: z.number(),
  /** From the intended start: what a caller would have seen. */
  response_ms: percentiles,
  /** From the actual start: what the service did. */
  service_ms: percentiles,
});

/** What the arrivals of a phase came to, whenever their retries were sent. */
const amplification = z.object({
  phase: z.string(),
  /** Arrivals that were sent: logical requests. */
  requests: z.number(),
  attempts: z.number(),
  retries: z.number(),
  /** Attempts a request; null without requests. Two runs compare only at the same share of failures. */
  client: z.number().nullable(),
  /** Share of the first attempts that came to another end than ok. */
  first_failed: z.number().nullable(),
});

/** What the callers of a phase got, whichever attempt brought it. */
const goodput = z.object({
  phase: z.string(),
  requests: z.number(),
  /** Requests whose first good answer came within the deadline, counted from when their first attempt was intended. */
  good: z.number(),
  ratio: z.number().nullable(),
  /** Of the requests that succeeded, late or not: from when the first attempt was intended to the good answer. */
  request_ms: percentiles.nullable(),
});

const sessions = z.object({
  service: z.string(),
  revision: z.string().nullable(),
  peak_exact: z.number().nullable(),
  claim: z.number(),
});

/** A change of a revision after the first deployment, or a step of a fault. */
const change = z.object({
  t_us: z.number(),
  kind: z.enum(['revision', 'fault']),
  service: z.string(),
  /** The revision; or the fault with its id in the scenario. */
  what: z.string(),
  state: z.enum(['created', 'ready', 'failed', 'serving', 'retired', 'started', 'confirmed', 'undone']),
  detail: z.string(),
});

/** One side of a pooler's budget: what may be, what was, and what is allowed; null where nobody knows. */
const poolerSide = z.object({
  sum: z.string().nullable(),
  predicted: z.number().nullable(),
  limit: z.number().nullable(),
  fits: z.boolean().nullable(),
  peak: z.number().nullable(),
});

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
    peak_instances: z.number(),
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
  poolers: z.array(
    z.object({
      name: z.string(),
      service: z.string(),
      per_instance: z.boolean(),
      mode: z.string().nullable(),
      looks: z.number(),
      failed: z.number(),
      /** At Postgres, all poolers together, against the claim. */
      server: poolerSide,
      /** Clients of one pooler, against its max_client_conn. */
      client: poolerSide,
      waiting_peak: z.number().nullable(),
      longest_wait_ms: z.number().nullable(),
      query_wait_ms: z.number().nullable(),
      /** The most clients of one kind that one pooler had at once, the most first; absent where no console told. */
      comers: z
        .array(z.object({ application_name: z.string(), address: z.string(), peak: z.number() }))
        .optional(),
    }),
  ),
  bounds: z.array(bound),
  /** Bounds of the specification that this version does not judge yet. */
  not_judged: z.array(z.object({ id: z.string(), name: z.string() })),
  validity: z.array(guard),
  diagnosis: z.array(
    z.object({
      id: z.string(),
      title: z.string(),
      confidence: z.enum(['high', 'medium', 'low']),
      lever: z.string(),
      evidence: z.array(z.string()),
      confirm: z.string(),
      what_if: z.array(
        z.object({ change: z.string(), claim: z.number(), planned: z.number(), fits: z.boolean() }),
      ),
    }),
  ),
  /** Null where Postgres refused nobody. */
  incident: incidentShape.nullable(),
  predictions: z.array(
    z.object({
      id: z.string(),
      statement: z.string(),
      phase: z.string(),
      predicted: z.number(),
      measured: z.number().nullable(),
      /** Measured over predicted; null where either is missing or nothing was predicted. */
      ratio: z.number().nullable(),
      /** Where the prediction may lie when its inputs vary within their 95 % intervals. */
      band: z.tuple([z.number(), z.number()]).nullable(),
      unit: z.string(),
      match: z.enum(['match', 'mismatch', 'not_measured']),
      provenance,
    }),
  ),
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
  /** Of the service that load was sent at; `services` has every declared one. */
  instances: z.object({
    peak: z.number(),
    started: z.number(),
    failed: z.number(),
    limit: z.number(),
    services: z.array(
      z.object({
        service: z.string(),
        peak: z.number(),
        started: z.number(),
        failed: z.number(),
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
