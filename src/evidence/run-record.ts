import { z } from 'zod';
import { clientRecord } from './client-record.ts';
import { platformRecord } from './platform-record.ts';

const serviceContract = z.object({
  name: z.string(),
  maxInstances: z.number(),
  minInstances: z.number(),
  containerConcurrency: z.number(),
  workersPerInstance: z.number(),
  poolMax: z.number(),
  poolMin: z.number(),
  backgroundSessions: z.number(),
  rolloutOverlap: z.number(),
  acquireTimeoutMs: z.number(),
  statementTimeoutMs: z.number(),
  requestTimeoutMs: z.number(),
  idleTimeoutMs: z.number().exactOptional(),
  maxLifetimeMs: z.number().exactOptional(),
  match: z.object({
    role: z.string().exactOptional(),
    applicationName: z.string().exactOptional(),
    database: z.string().exactOptional(),
    clientAddress: z.string().exactOptional(),
  }),
});

const contract = z.object({
  services: z.tuple([serviceContract], serviceContract),
  headroom: z.array(
    z.object({ purpose: z.enum(['admin_and_migrations', 'other_services']), slots: z.number() }),
  ),
  assumed: z.array(z.string()),
});

const arrivalProcess = z.enum(['uniform', 'poisson', 'mmpp']);

const phase = z.object({
  name: z.string(),
  startUs: z.number(),
  endUs: z.number(),
  ratePerSec: z.number(),
  rampToPerSec: z.number(),
  stress: z.boolean(),
  arrivals: z.number(),
  arrivalsPerRoute: z.array(z.number()),
  /** Absent in older recordings, with all that follows; what they are stands at the plan's phases. */
  peakPerSec: z.number().exactOptional(),
  shape: z.string().exactOptional(),
  process: arrivalProcess.nullable().exactOptional(),
  closed: z.object({ clients: z.number(), thinkMs: z.number() }).nullable().exactOptional(),
  dispersion: z.number().nullable().exactOptional(),
  longRunDispersion: z.number().nullable().exactOptional(),
});

/** A step of the scenario's `chaos:` on the load's own timeline; `for_us` null where it is done once and stays. */
const chaosStep = z.object({
  id: z.string(),
  at_us: z.number(),
  for_us: z.number().nullable(),
  service: z.string(),
  /** What is done, with its parameters. */
  fault: z.looseObject({ kind: z.string() }),
});

/** A calibration's own schedule; its attempts stand under the names of its steps. */
const calibration = z.object({
  when: z.enum(['before', 'after']),
  start_us: z.number(),
  hash: z.string(),
  planned: z.number(),
  steps: z.array(
    z.object({ name: z.string(), rate_per_sec: z.number(), start_us: z.number(), end_us: z.number() }),
  ),
});

/** An assertion of the scenario, in the grammar of its language. */
const ownAssertion = z.object({
  expr: z.string(),
  severity: z.enum(['hard', 'soft']),
  because: z.string().nullable(),
});

const prediction = z.object({
  id: z.string(),
  statement: z.string(),
  phase: z.string(),
  value: z.number(),
  unit: z.enum(['sessions', 'ms', 'per_sec', 'ratio']),
});

/** A pooler between a service and Postgres. */
const pooler = z.object({
  name: z.string(),
  service: z.string(),
  /** One beside each instance; otherwise one for all. */
  per_instance: z.boolean(),
  /** Connections that one instance may open at it; null where nobody said. */
  clients: z.number().nullable(),
});

/**
 * `run.json`: what the run was, written before anything is sent and again when it ends. `ended.how` is
 * `running` from the first writing on, so a folder whose run was killed says so.
 */
export const runRecord = z.object({
  schema_version: z.literal(1),
  tool: z.object({ name: z.literal('poolproof'), version: z.string(), node: z.string() }),
  name: z.string(),
  /** Wall time of the run's origin, ISO 8601. The only wall time there is. */
  started_at: z.string(),
  machine: z.object({ platform: z.string(), arch: z.string(), cpus: z.number(), memory_bytes: z.number() }),
  seed: z.number(),
  schedule: z.object({ hash: z.string(), planned: z.number() }),
  arrivals: z.enum(['uniform', 'poisson', 'mmpp']),
  routes: z.array(z.object({ name: z.string(), weight: z.number(), hold_ms: z.number().nullable() })),
  /** What measured the capacity; absent where nothing did. */
  calibrations: z.array(calibration).exactOptional(),
  /** What rates of the capacity are multiples of; absent where no rate is one. */
  capacity: z.object({ per_sec: z.number(), by: z.enum(['measured', 'fleet', 'start']) }).exactOptional(),
  /** Phases on the load's own timeline; add `load_start_us` for run time. */
  phases: z.array(phase),
  /** When the first phase began, microseconds since the origin; null when load never began. */
  load_start_us: z.number().nullable(),
  contract,
  limits: z.object({
    maxConnections: z.number(),
    superuserReserved: z.number(),
    reservedConnections: z.number(),
  }),
  platform: platformRecord,
  postgres: z.object({ kind: z.enum(['embedded', 'container', 'url', 'cloud_sql']), version: z.string() }),
  sampling: z.object({ every_ms: z.number() }),
  client: clientRecord,
  max_in_flight: z.number(),
  /** What was to be done to the services during load; absent in older recordings. */
  chaos: z.array(chaosStep).exactOptional(),
  /** Poolers that were looked at; absent where there were none. */
  poolers: z.array(pooler).exactOptional(),
  /** What else the run had to keep, besides the bounds; absent where nothing. */
  assertions: z.array(ownAssertion).exactOptional(),
  /** What would have ended it at once; absent where nothing. */
  abort: z.array(z.object({ when: z.string(), because: z.string().nullable() })).exactOptional(),
  /** Whether the run was started although its static budget does not fit. */
  accept_overcommit: z.boolean(),
  checks: z.array(
    z.object({
      id: z.string(),
      level: z.enum(['ok', 'warning', 'refusal']),
      message: z.string(),
      overcommit: z.boolean(),
    }),
  ),
  predictions: z.array(prediction),
  /** The database's clock against this machine's wall clock, measured before load. */
  database_clock: z.object({ offset_us: z.number(), error_us: z.number() }).nullable(),
  ended: z.object({
    how: z.enum(['running', 'completed', 'interrupted', 'aborted', 'failed']),
    at_us: z.number().nullable(),
    reason: z.string().nullable(),
  }),
  /** Whose process conducts the run, as long as it does; null once everything is undone or said to be left. */
  process: z.object({ pid: z.int(), began: z.string() }).nullable().exactOptional(),
  /** Why observations are missing although the run went on: what could not be written, such as on a full disk. */
  evidence_lost: z.string().exactOptional(),
});

export type RunRecord = z.infer<typeof runRecord>;

/** Whether the service sets the load of a phase by its own answers: nothing of it is planned then. */
export function isClosed({ closed }: Pick<RunRecord['phases'][number], 'closed'>): boolean {
  return closed !== null && closed !== undefined;
}
