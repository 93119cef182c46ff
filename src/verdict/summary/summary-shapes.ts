import { z } from 'zod';

/* What the lists of `summary.json` are made of: the shape of one entry each. */

const status = z.enum(['PASS', 'PASS_SAMPLED', 'FAIL', 'INCONCLUSIVE', 'NOT_APPLICABLE']);
/** `observed`: it really happened, on this machine. `emulated`: the platform's emulator had a hand in it. */
export const provenance = z.enum(['emulated', 'observed']);
const moment = z.object({ t_us: z.number(), phase: z.string().nullable(), offset_ms: z.number() });

export const bound = z.object({
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

export const guard = z.object({
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

export const latency = z.object({
  phase: z.string(),
  outcome: z.string(),
  n: z.number(),
  /** From the intended start: what a caller would have seen. */
  response_ms: percentiles,
  /** From the actual start: what the service did. */
  service_ms: percentiles,
});

/** What the arrivals of a phase came to, whenever their retries were sent. */
export const amplification = z.object({
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
export const goodput = z.object({
  phase: z.string(),
  requests: z.number(),
  /** Requests whose first good answer came within the deadline, counted from when their first attempt was intended. */
  good: z.number(),
  ratio: z.number().nullable(),
  /** Of the requests that succeeded, late or not: from when the first attempt was intended to the good answer. */
  request_ms: percentiles.nullable(),
});

export const sessions = z.object({
  service: z.string(),
  revision: z.string().nullable(),
  peak_exact: z.number().nullable(),
  claim: z.number(),
});

/** A change of a revision after the first deployment, or a step of a fault. */
export const change = z.object({
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

/** A pooler: the second layer of the budget. */
export const pooler = z.object({
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
});

/** The budget after a change of the contract. */
export const whatIf = z.object({
  change: z.string(),
  claim: z.number(),
  planned: z.number(),
  fits: z.boolean(),
});

export const diagnosis = z.object({
  id: z.string(),
  title: z.string(),
  confidence: z.enum(['high', 'medium', 'low']),
  lever: z.string(),
  evidence: z.array(z.string()),
  confirm: z.string(),
  what_if: z.array(whatIf),
});

export const prediction = z.object({
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
});
