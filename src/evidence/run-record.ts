import { z } from 'zod';
import { clientRecord } from './record/client-record.ts';
import { contractRecord, limitsRecord } from './record/contract-record.ts';
import { platformRecord } from './record/platform-record.ts';
import {
  arrivalProcess,
  calibrationRecord,
  chaosRecord,
  phaseRecord,
  predictionRecord,
  routeRecord,
} from './record/traffic-record.ts';

/** An assertion of the scenario, in the grammar of its language. */
const ownAssertion = z.object({
  expr: z.string(),
  severity: z.enum(['hard', 'soft']),
  because: z.string().nullable(),
});

/** What was checked before anything was started. */
const staticCheck = z.object({
  id: z.string(),
  level: z.enum(['ok', 'warning', 'refusal']),
  message: z.string(),
  overcommit: z.boolean().describe('Whether accept_overcommit lets the run start all the same.'),
});

/** A pooler between a service and Postgres. */
const pooler = z.object({
  name: z.string(),
  service: z.string(),
  per_instance: z.boolean().describe('One beside each instance; otherwise one for all.'),
  clients: z
    .number()
    .nullable()
    .describe('Connections that one instance may open at it; null where nobody said.'),
});

/** How the run ended. `running` from the first writing on, so that a folder whose run was killed says so. */
const ended = z.object({
  how: z.enum(['running', 'completed', 'interrupted', 'aborted', 'failed']),
  at_us: z.number().nullable(),
  reason: z.string().nullable(),
});

/**
 * `run.json`: what the run was, written before anything is sent and again whenever more is known. One description for
 * both ways: `z.decode` reads the file's snake_case, `z.encode` writes it. A key that is not known here is passed over:
 * a later version may add what this one need not know, and counts `schema_version` up when a meaning changes.
 */
export const runRecord = z.object({
  schema_version: z.literal(1),
  tool: z.object({ name: z.literal('poolproof'), version: z.string(), node: z.string() }),
  name: z.string(),
  started_at: z.string().describe("Wall time of the run's origin, ISO 8601. The only wall time there is."),
  machine: z.object({ platform: z.string(), arch: z.string(), cpus: z.number(), memory_bytes: z.number() }),
  seed: z.number(),
  schedule: z
    .object({ hash: z.string(), planned: z.number() })
    .describe('The planned arrivals of all phases: their hash and their number.'),
  arrivals: arrivalProcess,
  routes: z.array(routeRecord),
  calibrations: z
    .array(calibrationRecord)
    .exactOptional()
    .describe('What measured the capacity; absent where nothing did.'),
  capacity: z
    .object({ per_sec: z.number(), by: z.enum(['measured', 'fleet', 'start']) })
    .exactOptional()
    .describe('What rates of the capacity are multiples of; absent where no rate is one.'),
  phases: z.array(phaseRecord).describe("On the load's own timeline; add load_start_us for run time."),
  load_start_us: z
    .number()
    .nullable()
    .describe("When the first phase began, microseconds since the run's origin; null when load never began."),
  contract: contractRecord,
  limits: limitsRecord,
  platform: platformRecord,
  postgres: z.object({ kind: z.enum(['embedded', 'container', 'url', 'cloud_sql']), version: z.string() }),
  sampling: z.object({ every_ms: z.number() }),
  client: clientRecord,
  max_in_flight: z.number().describe('Beyond it an arrival is dropped, and counted.'),
  chaos: z.array(chaosRecord).exactOptional().describe('What was to be done during load; absent: nothing.'),
  poolers: z.array(pooler).exactOptional().describe('Poolers that were looked at; absent: none.'),
  assertions: z
    .array(ownAssertion)
    .exactOptional()
    .describe('What else the run had to keep, besides the bounds; absent: nothing.'),
  abort: z
    .array(z.object({ when: z.string(), because: z.string().nullable() }))
    .exactOptional()
    .describe('What would have ended it at once; absent: nothing.'),
  accept_overcommit: z
    .boolean()
    .describe('Whether the run could start although its static budget does not fit.'),
  checks: z.array(staticCheck),
  predictions: z.array(predictionRecord),
  database_clock: z
    .object({ offset_us: z.number(), error_us: z.number() })
    .nullable()
    .describe("The database's clock against this machine's wall clock, measured before load."),
  ended,
  process: z
    .object({ pid: z.int(), began: z.string() })
    .nullable()
    .exactOptional()
    .describe(
      'The process that conducts the run, while it does; null once everything is undone or reported as left over.',
    ),
  evidence_lost: z
    .string()
    .exactOptional()
    .describe('Why observations are missing although the run went on: what could not be written.'),
});

export type RunRecord = z.infer<typeof runRecord>;

/** Whether the service sets the load of a phase by its own answers: nothing of it is planned then. */
export function isClosed({ closed }: Pick<RunRecord['phases'][number], 'closed'>): boolean {
  return closed !== null;
}
