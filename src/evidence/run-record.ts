import { z } from 'zod';
import { described, exampleOf, listOf } from '../base/json-schema.ts';
import { clientRecord } from './record/client-record.ts';
import { abortRecord, assertionRecord, checkRecord, poolerRecord } from './record/orders-record.ts';
import {
  capacity,
  conductor,
  databaseClock,
  ended,
  machine,
  postgres,
  sampling,
  schedule,
  tool,
} from './record/setting-record.ts';
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

/**
 * `run.json`: what the run was, written before anything is sent and again whenever more is known. One description for
 * both ways: `z.decode` reads the file's snake_case, `z.encode` writes it. A key that is not known here is passed over:
 * a later version may add what this one need not know, and counts `schema_version` up when a meaning changes.
 */
export const runRecord = z.object({
  schema_version: z.literal(1),
  tool: described(tool, 'What made the run.'),
  name: z.string().meta({ description: 'The name of the scenario.', examples: ['burst'] }),
  started_at: z.string().meta({
    description: "Wall time of the run's origin, ISO 8601. The only wall time there is.",
    examples: ['2026-12-01T12:38:24.335Z'],
  }),
  machine: described(machine, 'The machine that sent the load.'),
  seed: z.number().meta({ description: 'What everything random comes from.', examples: [42] }),
  schedule: described(schedule, 'The planned arrivals of all phases.'),
  arrivals: arrivalProcess.meta({ description: 'How arrivals follow the rate.', examples: ['poisson'] }),
  routes: listOf(routeRecord, 'The kinds of request.'),
  calibrations: z
    .array(calibrationRecord)
    .exactOptional()
    .meta({
      description: 'What measured the capacity; absent where nothing did.',
      examples: [[exampleOf(calibrationRecord)]],
    }),
  capacity: capacity.exactOptional().meta({
    description: 'What rates of the capacity are multiples of; absent where no rate is one.',
    examples: [exampleOf(capacity)],
  }),
  phases: listOf(phaseRecord, "On the load's own timeline; add load_start_us for run time."),
  load_start_us: z
    .number()
    .nullable()
    .meta({
      description:
        "When the first phase began, microseconds since the run's origin; null when load never began.",
      examples: [4_551_477],
    }),
  contract: described(contractRecord, 'What was promised.'),
  limits: described(limitsRecord, 'The slots of the server.'),
  platform: platformRecord.meta({
    description: 'Where the service ran.',
    examples: [{ kind: 'local', profile: 'cloudrun', service: 'api' }],
  }),
  postgres: described(postgres, 'Where Postgres ran.'),
  sampling: described(sampling, 'How Postgres was sampled.'),
  client: described(clientRecord, 'How the simulated clients behaved.'),
  max_in_flight: z
    .number()
    .meta({ description: 'Beyond it an arrival is dropped, and counted.', examples: [2000] }),
  chaos: z
    .array(chaosRecord)
    .exactOptional()
    .meta({
      description: 'What was to be done during load; absent: nothing.',
      examples: [[exampleOf(chaosRecord)]],
    }),
  poolers: z
    .array(poolerRecord)
    .exactOptional()
    .meta({
      description: 'Poolers that were looked at; absent: none.',
      examples: [[exampleOf(poolerRecord)]],
    }),
  assertions: z
    .array(assertionRecord)
    .exactOptional()
    .meta({
      description: 'What else the run had to keep, besides the bounds; absent: nothing.',
      examples: [[exampleOf(assertionRecord)]],
    }),
  abort: z
    .array(abortRecord)
    .exactOptional()
    .meta({
      description: 'What would have ended it at once; absent: nothing.',
      examples: [[exampleOf(abortRecord)]],
    }),
  accept_overcommit: z.boolean().meta({
    description: 'Whether the run could start although its static budget does not fit.',
    examples: [false],
  }),
  checks: listOf(checkRecord, 'What was checked before anything was started.'),
  predictions: listOf(predictionRecord, 'What the plan expects of each phase.'),
  database_clock: databaseClock.nullable().meta({
    description: "The server's clock against the run clock, measured before load; null before that.",
    examples: [exampleOf(databaseClock)],
  }),
  ended: described(ended, 'How the run ended.'),
  process: conductor
    .nullable()
    .exactOptional()
    .meta({
      description:
        'The process that conducts the run, while it does; null once everything is undone or reported as left over.',
      examples: [null, exampleOf(conductor)],
    }),
  evidence_lost: z
    .string()
    .exactOptional()
    .meta({
      description: 'Why observations are missing although the run went on: what could not be written.',
      examples: ['backends: ENOSPC: no space left on device, write'],
    }),
});

export type RunRecord = z.infer<typeof runRecord>;

/** Whether the service sets the load of a phase by its own answers: nothing of it is planned then. */
export function isClosed({ closed }: Pick<RunRecord['phases'][number], 'closed'>): boolean {
  return closed !== null;
}
