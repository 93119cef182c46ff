import { z } from 'zod';
import { jsonSchemaOf } from '../base/json-schema.ts';
import { contractFile } from '../contract/contract-file.ts';
import { chaosShape } from './chaos/chaos-codec.ts';
import { clientShape } from './clients/client-codec.ts';
import { abortShape, assertionsShape } from './conditions/rules-codec.ts';
import { dataShape } from './data/data-codec.ts';
import { label } from './language/label.ts';
import { poolerShape } from './postgres/pooler-codec.ts';
import { postgresShape } from './postgres/postgres-codec.ts';
import { requestShape } from './requests/request-codec.ts';
import { safetyShape } from './safety/safety-codec.ts';
import { targetShape } from './target/target.ts';
import { calibrateCodec } from './traffic/calibrate.ts';
import { leakProbeShape } from './traffic/leak-probe.ts';
import { trafficShape } from './traffic/traffic-codec.ts';
import { durationMs } from './language/with-unit.ts';

const sampling = z.strictObject({
  every: durationMs
    .refine((ms) => ms >= 10 && ms <= 10_000, 'must be between 10ms and 10s')
    .optional()
    .describe('Mean time between two samples. Default: 50ms.')
    .meta({ examples: ['50ms'] }),
});

/** The scenario as it stands in the file. Keys that are not built yet are taken out before. */
export const scenarioFile = z
  .strictObject({
    version: z
      .literal(1, 'must be 1, the only version there is')
      .describe('The version of this language.')
      .meta({ examples: [1] }),
    name: label.describe('Names the folder of the run.').meta({ examples: ['burst'] }),
    seed: z
      .int()
      .min(0, 'must be at least 0')
      .optional()
      .describe('Everything random comes from it. Default: 1.')
      .meta({ examples: [42] }),
    contract: z
      .union([z.string().min(1), contractFile])
      .optional()
      .describe('The connection budget: a file, or inline. Default: what service.yaml declares.')
      .meta({ examples: ['./budget.yaml', { api: { max_instances: 8, app_pool_max: 4 } }] }),
    target: targetShape
      .describe('Where the service runs.')
      .meta({ examples: [{ local: { service: './service.yaml', command: ['node', 'server.mjs'] } }] }),
    postgres: postgresShape
      .optional()
      .describe('Where Postgres runs. Default: an embedded one, started for the run.')
      .meta({ examples: [{ embedded: { max_connections: 100 } }] }),
    poolers: z
      .array(poolerShape)
      .optional()
      .describe('PgBouncers between services and Postgres, to be looked at.')
      .meta({
        examples: [
          [{ name: 'pgbouncer', admin: { port: 6432, user: 'stats', password: '${env:PASSWORD}' } }],
        ],
      }),
    calibrate: calibrateCodec
      .optional()
      .describe('Measures what the service can do before the phases, in ascending steps with retries off.')
      .meta({ examples: [{ start: '20/s', step: '20s', again: true }] }),
    traffic: trafficShape
      .describe('What load is sent, and when.')
      .meta({ examples: [{ phases: [{ name: 'baseline', duration: '60s', rate: '20/s' }] }] }),
    requests: z
      .array(requestShape)
      .min(1, 'at least one request is needed')
      .describe('The requests that the load is a mix of.')
      .meta({ examples: [[{ name: 'read', get: '/orders/${rand_int(1,1000)}' }]] }),
    data: dataShape
      .optional()
      .describe('Data files that requests are filled from, by the name that stands in ${data.NAME.COLUMN}.')
      .meta({ examples: [{ items: { file: 'items.csv' } }] }),
    client: clientShape
      .optional()
      .describe('How the simulated clients behave.')
      .meta({ examples: [{ clients: 100, timeout: '2s', retry: 'naive' }] }),
    chaos: chaosShape
      .optional()
      .describe('What is done to the services while load runs.')
      .meta({ examples: [[{ at: 'burst+3s', do: 'instance.kill' }]] }),
    leak_probe: leakProbeShape
      .optional()
      .describe('After the load, sends as many requests at once as the pools should have sessions.')
      .meta({ examples: [{ request: 'report', hold: '300ms' }] }),
    assertions: assertionsShape
      .optional()
      .describe('Conditions that the run has to keep besides the bounds.')
      .meta({ examples: [['p99(http.latency{outcome=ok}) <= 800ms in recovery']] }),
    abort: abortShape
      .optional()
      .describe('Conditions that end the run at once.')
      .meta({ examples: [['max(db.backends) >= 95% of server for 5s']] }),
    sampling: sampling
      .optional()
      .describe('How often the sessions in Postgres are looked at.')
      .meta({ examples: [{ every: '50ms' }] }),
    safety: safetyShape
      .optional()
      .describe('What the run may touch, and what it may do there.')
      .meta({ examples: [{ allow_hosts: ['127.0.0.1'] }] }),
  })
  .meta({ title: 'poolproof scenario' });

export type ScenarioFile = z.output<typeof scenarioFile>;

/** The JSON Schema of scenario files, as editors want it. */
export function scenarioJsonSchema(): object {
  return jsonSchemaOf(scenarioFile);
}
