import { z } from 'zod';
import { cloudSqlFile } from './cloud-sql-file.ts';
import { logExportFile } from './log-export.ts';

const maxConnections = z.int().min(10, 'must be at least 10').max(10_000, 'must be at most 10000').optional();

const setup = z
  .string()
  .min(1)
  .optional()
  .describe('A file of SQL to run before the service starts, as its own role.');

const url = z.string().min(1, 'must not be empty').optional();

/** `postgres:`, one of `embedded`, `container`, `url` and `cloud_sql`. */
export const postgresFile = z.strictObject({
  embedded: z
    .strictObject({ max_connections: maxConnections, setup })
    .optional()
    .describe('A PostgreSQL of npm’s programs, started for the run.'),
  container: z
    .strictObject({
      image: z.string().min(1, 'must not be empty').describe('Such as postgres:17.'),
      max_connections: maxConnections,
      setup,
    })
    .optional()
    .describe('A PostgreSQL in a container, started for the run; of images like the official one.'),
  url: url.describe('Somebody’s own server, as the service logs in: postgres://role:password@host/database.'),
  monitor_url: url.describe('The role that samples, in a database that no service uses.'),
  headroom_url: url.describe('An ordinary role for the canary, in a database that no service uses.'),
  neighbor_url: url.describe('Another service’s ordinary role, for its canary, in that database too.'),
  admin_url: url.describe('A role that may do what faults need.'),
  urls: z
    .record(z.string().min(1), z.string().min(1, 'must not be empty'))
    .optional()
    .describe('As the other services log in to the server of "url", by name.'),
  cloud_sql: cloudSqlFile.optional().describe('An instance of Cloud SQL, through Google’s connector.'),
  log: logExportFile
    .optional()
    .describe('Where the log of a server of somebody’s is exported to, where SQL can’t read it.'),
  max_connections: maxConnections.describe(
    'What the server of "url" or "cloud_sql" allows; checked against what it says.',
  ),
  setup,
});

export type PostgresInFile = z.output<typeof postgresFile>;
