import { z } from 'zod';
import { contractFile } from '../contract/contract-file.ts';
import { calibrateFile } from './traffic/calibrate-file.ts';
import { chaosShape } from './chaos/chaos-codec.ts';
import { clientFile } from './clients/client-file.ts';
import { abortFile, assertionsFile } from './conditions/rule-file.ts';
import { dataFile } from './data/data-file.ts';
import { leakProbeFile } from './traffic/leak-probe-file.ts';
import { label } from './language/label.ts';
import { targetShape } from './target/target.ts';
import { poolerShape } from './postgres/pooler-codec.ts';
import { postgresShape } from './postgres/postgres-codec.ts';
import { requestFile } from './requests/request-file.ts';
import { safetyShape } from './safety/safety-codec.ts';
import { trafficFile } from './traffic/traffic-file.ts';
import { durationMs } from './with-unit.ts';

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
    target: targetShape
      .describe('Where the service runs.')
      .meta({ examples: [{ local: { service: './service.yaml', command: ['node', 'server.mjs'] } }] }),
    postgres: postgresShape.optional().describe('Where Postgres runs. Embedded unless given.'),
    poolers: z
      .array(poolerShape)
      .optional()
      .describe('PgBouncers between services and Postgres, to be looked at.'),
    calibrate: calibrateFile
      .optional()
      .describe('Measures what the service can do before the phases, in ascending steps with retries off.'),
    traffic: trafficFile,
    requests: z.array(requestFile).min(1, 'at least one request is needed'),
    data: dataFile.optional().describe('Files of data that requests are filled from.'),
    client: clientFile.optional(),
    chaos: chaosShape.optional().describe('What is done to the services while load runs.'),
    leak_probe: leakProbeFile
      .optional()
      .describe('After the load, as many requests at once as the pools should have sessions.'),
    sampling: z
      .strictObject({
        every: durationMs.refine((ms) => ms >= 10 && ms <= 10_000, 'must be between 10ms and 10s').optional(),
      })
      .optional(),
    assertions: assertionsFile
      .optional()
      .describe('What else the run has to keep: "p99(http.latency{outcome=ok}) <= 800ms in recovery".'),
    abort: abortFile
      .optional()
      .describe('What ends the run at once: "max(db.backends) >= 95% of server for 5s".'),
    safety: safetyShape
      .optional()
      .describe('What the run may touch, and what it may do there.')
      .meta({ examples: [{ allow_hosts: ['127.0.0.1'] }] }),
  })
  .meta({ title: 'poolproof scenario' });

export type ScenarioFile = z.output<typeof scenarioFile>;
