import { z } from 'zod';
import { jsonSchemaOf } from '../base/json-schema.ts';
import { parseAddressRange } from './address-range.ts';

const count = (least: number): z.ZodNumber => z.int().min(least, `must be at least ${least}`).max(1_000_000);

const milliseconds = count(1);

/** A pool may keep a session for hours. */
const keptMs = z.int().min(1, 'must be at least 1').max(86_400_000, 'must be at most a day');

const plainText = z
  .string()
  .min(1, 'must not be empty')
  .refine((text) => !text.includes('${'), 'templates such as ${env:NAME} work in scenario files only');

const match = z
  .strictObject({
    role: plainText
      .optional()
      .describe('The role that it logs in as. Default: the name of the service.')
      .meta({ examples: ['api'] }),
    application_name: plainText
      .optional()
      .describe('The application_name that its sessions have. Default: any.')
      .meta({ examples: ['orders-api'] }),
    database: plainText
      .optional()
      .describe('The database that it connects to. Default: any.')
      .meta({ examples: ['orders'] }),
    client_address: plainText
      .refine(
        (text) => parseAddressRange(text) !== null,
        'must be an address, or a range such as 10.8.0.0/28',
      )
      .optional()
      .describe('The address that it connects from, or a range of them. Default: any.')
      .meta({ examples: ['10.8.0.0/28'] }),
  })
  .describe('How its sessions are recognised in Postgres. Every field given must agree.')
  .meta({ examples: [{ role: 'api', database: 'orders' }] });

const scaling = {
  max_instances: count(1)
    .optional()
    .describe('The most instances that one revision may have. Needed, here or in service.yaml.')
    .meta({ examples: [8] }),
  min_instances: count(0)
    .optional()
    .describe('Instances that are kept running. Default: 0.')
    .meta({ examples: [1] }),
  container_concurrency: count(1)
    .optional()
    .describe('Requests that one instance accepts at once. Default: 80.')
    .meta({ examples: [16] }),
  app_workers_per_instance: count(1)
    .optional()
    .describe('Processes in one instance, each with pools of its own. Default: 1.')
    .meta({ examples: [2] }),
  request_timeout_seconds: z
    .number()
    .positive('must be more than 0')
    .max(3600, 'Cloud Run allows at most 3600')
    .optional()
    .describe('The longest request. Default: 30.')
    .meta({ examples: [30] }),
  rollout_overlap: z
    .number()
    .min(0, 'must be at least 0')
    .max(10, 'must be at most 10')
    .optional()
    .describe(
      'How much of a second fleet a rollout may add: 1 where the cap is per revision, 0 where it is the service’s. Default: 1.',
    )
    .meta({ examples: [1] }),
  background_sessions: count(0)
    .optional()
    .describe('Sessions held outside the request path, for the whole service. Default: 0.')
    .meta({ examples: [2] }),
  match: match.optional(),
};

const pool = {
  app_pool_max: count(1)
    .optional()
    .describe('Sessions that the main pool of one process may hold. Needed, here or in service.yaml.')
    .meta({ examples: [4] }),
  app_pool_min: count(0)
    .optional()
    .describe('Sessions that it keeps when idle. Default: 0.')
    .meta({ examples: [0] }),
  acquire_timeout_ms: milliseconds
    .optional()
    .describe('The longest wait for a session. Default: 1000.')
    .meta({ examples: [1000] }),
  statement_timeout_ms: milliseconds
    .optional()
    .describe('The longest statement. Default: 5000.')
    .meta({ examples: [5000] }),
  idle_timeout_ms: keptMs
    .optional()
    .describe(
      'When a pool closes a session that nobody uses; one that stays longer is a leak. Default: not judged.',
    )
    .meta({ examples: [30_000] }),
  max_lifetime_ms: keptMs
    .optional()
    .describe('When a pool replaces a session, however busy it is; that is no churn. Default: never.')
    .meta({ examples: [1_800_000] }),
  second_pools: z
    .array(count(1))
    .optional()
    .describe('Sizes of the pools that one process opens beside its main one. Default: none.')
    .meta({ examples: [[2]] }),
};

const name = plainText.describe('The name of the service.').meta({ examples: ['api'] });

const service = z.strictObject({
  name: name.optional(),
  ...scaling,
  database: z
    .strictObject(pool)
    .optional()
    .describe('The pools of this service alone.')
    .meta({ examples: [{ app_pool_max: 4, acquire_timeout_ms: 1000 }] }),
});

const shortService = z
  .strictObject({ ...scaling, ...pool })
  .describe('The short form: the name of a service, and its numbers.')
  .meta({ examples: [{ max_instances: 30, container_concurrency: 80, app_pool_max: 10 }] });

const database = z.strictObject({
  ...pool,
  reserved_headroom_for_admin_and_migrations: count(0)
    .optional()
    .describe('Slots that must stay free for people and migrations. Default: 0.')
    .meta({ examples: [10] }),
  reserved_headroom_for_other_services: count(0)
    .optional()
    .describe('Slots that must stay free for services that are not declared here. Default: 0.')
    .meta({ examples: [20] }),
});

const budget = z.strictObject({
  worst_case_service_connections: count(0)
    .optional()
    .describe('The most sessions that the services may hold together. Default: not checked.')
    .meta({ examples: [32] }),
  total_planned_pressure: count(0)
    .optional()
    .describe('The same and the headroom. Default: not checked.')
    .meta({ examples: [62] }),
});

/** The keys that are not the name of a service. */
export const ownKeys: readonly string[] = ['service', 'services', 'database', 'budget'];

/** A budget whose services all stand under `service` or `services`. */
const longForm = z.object({
  service: service
    .optional()
    .describe('The one service of this contract.')
    .meta({ examples: [{ name: 'api', max_instances: 8, container_concurrency: 16 }] }),
  services: z
    .array(service.extend({ name }))
    .min(1, 'at least one service is needed')
    .optional()
    .describe('Several services that share the database.')
    .meta({
      examples: [
        [
          { name: 'api', max_instances: 8, database: { app_pool_max: 4 } },
          { name: 'worker', max_instances: 2, database: { app_pool_max: 2 } },
        ],
      ],
    }),
  database: database
    .optional()
    .describe('Headroom that must stay free, and the pools of every service that declares none of its own.')
    .meta({ examples: [{ app_pool_max: 4, reserved_headroom_for_other_services: 20 }] }),
  budget: budget
    .optional()
    .describe('Checked against the arithmetic, never trusted.')
    .meta({ examples: [{ worst_case_service_connections: 32, total_planned_pressure: 62 }] }),
});

/** The connection budget, as it is written down. A key of another name is a service in the short form. */
export const contractFile = longForm.catchall(shortService).meta({ title: 'poolproof connection budget' });

export type ContractFile = z.output<typeof contractFile>;
export type LongForm = z.output<typeof longForm>;
export type ServiceInFile = z.output<typeof service>;
export type ShortService = z.output<typeof shortService>;

/** The JSON Schema of the connection budget, as editors want it. */
export function contractJsonSchema(): object {
  return jsonSchemaOf(contractFile);
}
