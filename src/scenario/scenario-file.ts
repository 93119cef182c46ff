import { z } from 'zod';
import { contractFile } from '../contract/contract-file.ts';
import { calibrateFile } from './traffic/calibrate-file.ts';
import { chaosFile } from './chaos/chaos-file.ts';
import { clientFile } from './clients/client-file.ts';
import { abortFile, assertionsFile } from './conditions/rule-file.ts';
import { dataFile } from './data/data-file.ts';
import { leakProbeFile } from './traffic/leak-probe-file.ts';
import { label } from './target/local-file.ts';
import { targetFile } from './target/target-file.ts';
import { poolerFile } from './postgres/pooler-file.ts';
import { postgresFile } from './postgres/postgres-file.ts';
import { requestFile } from './requests/request-file.ts';
import { trafficFile } from './traffic/traffic-file.ts';
import { durationMs } from './with-unit.ts';

const flag = z.boolean();

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
    target: targetFile,
    postgres: postgresFile.optional().describe('Where Postgres runs. Embedded unless given.'),
    poolers: z
      .array(poolerFile)
      .optional()
      .describe('PgBouncers between services and Postgres, to be looked at.'),
    calibrate: calibrateFile
      .optional()
      .describe('Measures what the service can do before the phases, in ascending steps with retries off.'),
    traffic: trafficFile,
    requests: z.array(requestFile).min(1, 'at least one request is needed'),
    data: dataFile.optional().describe('Files of data that requests are filled from.'),
    client: clientFile.optional(),
    chaos: chaosFile.optional().describe('What is done to the services while load runs.'),
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
    safety: z
      .strictObject({
        allow_hosts: z.array(z.string().min(1)).optional(),
        deny_hosts: z
          .array(z.string().min(1))
          .optional()
          .describe('Never touched, whatever else is allowed; *.example.com for all below it.'),
        allow_exec: flag.optional().describe('Lets exec run commands of this machine.'),
        allow_destructive: z
          .array(z.string())
          .optional()
          .describe('Faults that may do harm on a server that poolproof did not start.'),
        accept_overcommit: flag.optional(),
      })
      .optional(),
  })
  .meta({ title: 'poolproof scenario' });

export type ScenarioFile = z.output<typeof scenarioFile>;
