import { z } from 'zod';
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
    role: plainText.optional(),
    application_name: plainText.optional(),
    database: plainText.optional(),
    client_address: plainText
      .refine(
        (text) => parseAddressRange(text) !== null,
        'must be an address, or a range such as 10.8.0.0/28',
      )
      .optional(),
  })
  .describe('How the sessions of the service are recognised in Postgres. Every field given must agree.');

const scaling = {
  max_instances: count(1).optional().describe('The most instances that one revision may have.'),
  min_instances: count(0).optional().describe('Instances that are kept running. 0 unless declared.'),
  container_concurrency: count(1)
    .optional()
    .describe('Requests that one instance accepts at once. 80 unless declared.'),
  app_workers_per_instance: count(1)
    .optional()
    .describe('Processes in one instance, each with pools of its own. 1 unless declared.'),
  request_timeout_seconds: z
    .number()
    .positive('must be more than 0')
    .max(3600, 'Cloud Run allows at most 3600')
    .optional()
    .describe('The longest request. 30 unless declared.'),
  rollout_overlap: z
    .number()
    .min(0, 'must be at least 0')
    .max(10, 'must be at most 10')
    .optional()
    .describe(
      'How much of a second fleet a rollout may add: 1 where the cap is per revision (the default), 0 where it is the service’s.',
    ),
  background_sessions: count(0)
    .optional()
    .describe('Sessions held outside the request path, for the whole service. 0 unless declared.'),
  match: match.optional(),
};

const pool = {
  app_pool_max: count(1).optional().describe('Sessions that the main pool of one process may hold.'),
  app_pool_min: count(0).optional().describe('Sessions that it keeps when idle. 0 unless declared.'),
  acquire_timeout_ms: milliseconds
    .optional()
    .describe('The longest wait for a session. 1000 unless declared.'),
  statement_timeout_ms: milliseconds.optional().describe('The longest statement. 5000 unless declared.'),
  idle_timeout_ms: keptMs
    .optional()
    .describe('When a pool lets go of a session that nobody uses. Declared, sessions that stay are a leak.'),
  max_lifetime_ms: keptMs
    .optional()
    .describe('When a pool replaces a session, however busy it is. Declared, that is no churn.'),
  second_pools: z
    .array(count(1))
    .optional()
    .describe('Sizes of the pools that one process opens beside its main one.'),
};

const name = plainText.describe('The name of the service.');

const service = z.strictObject({
  name: name.optional(),
  ...scaling,
  database: z.strictObject(pool).optional().describe('The pools of this service alone.'),
});

const shortService = z
  .strictObject({ ...scaling, ...pool })
  .describe('The short form: the name of a service, and its numbers.');

/** The keys that are not the name of a service. */
export const ownKeys: readonly string[] = ['service', 'services', 'database', 'budget'];

/** The connection budget, as it is written down. A key of another name is a service in the short form. */
export const contractFile = z
  .object({
    service: service.optional().describe('The one service of this contract.'),
    services: z
      .array(service.extend({ name }))
      .min(1, 'at least one service is needed')
      .optional()
      .describe('Several services that share the database.'),
    database: z
      .strictObject({
        ...pool,
        reserved_headroom_for_admin_and_migrations: count(0).optional(),
        reserved_headroom_for_other_services: count(0).optional(),
      })
      .optional()
      .describe(
        'Headroom that must stay free, and the pools of every service that declares none of its own.',
      ),
    budget: z
      .strictObject({
        worst_case_service_connections: count(0).optional(),
        total_planned_pressure: count(0).optional(),
      })
      .optional()
      .describe('Checked against the arithmetic, never trusted.'),
  })
  .catchall(shortService)
  .meta({ title: 'poolproof connection budget' });

export type ContractFile = z.output<typeof contractFile>;
export type ServiceInFile = z.output<typeof service>;
export type ShortService = z.output<typeof shortService>;
