import { z } from 'zod';
import { cloudSqlShape, writeCloudSql } from './cloud-sql-codec.ts';
import { logExportShape, writeLogExport } from './log-export-codec.ts';
import {
  isForeign,
  type ContainerPostgres,
  type EmbeddedPostgres,
  type PostgresTarget,
} from './postgres-target.ts';
import { urlShape, writeUrls } from './url-codec.ts';

/** 100 sessions is what Postgres itself allows unless told otherwise. */
export const usualConnections = 100;

const maxConnections = z.int().min(10, 'must be at least 10').max(10_000, 'must be at most 10000').optional();

const setup = z
  .string()
  .min(1)
  .optional()
  .describe('A file of SQL to run before the service starts, as its own role. Default: none.')
  .meta({ examples: ['./schema.sql'] });

const embeddedShape = z.strictObject({
  max_connections: maxConnections
    .describe('How many sessions the server allows. Default: 100.')
    .meta({ examples: [50] }),
  setup,
});

const containerShape = z.strictObject({
  image: z
    .string()
    .min(1, 'must not be empty')
    .describe('The image; one like the official one.')
    .meta({ examples: ['postgres:17'] }),
  ...embeddedShape.shape,
});

/** `postgres:`, one of `embedded`, `container`, `url` and `cloud_sql`. */
export const postgresShape = z.strictObject({
  embedded: embeddedShape
    .optional()
    .describe('A PostgreSQL of npm’s programs, started for the run.')
    .meta({ examples: [{ max_connections: 50 }] }),
  container: containerShape
    .optional()
    .describe('A PostgreSQL in a container, started for the run; of images like the official one.')
    .meta({ examples: [{ image: 'postgres:17' }] }),
  ...urlShape.shape,
  cloud_sql: cloudSqlShape
    .optional()
    .describe('An instance of Cloud SQL, through Google’s connector.')
    .meta({
      examples: [
        {
          instance: 'my-project:europe-west1:orders',
          service: { user: 'api', password: '${env:DB_PASSWORD}', database: 'orders' },
        },
      ],
    }),
  max_connections: maxConnections
    .describe('What the server of "url" or "cloud_sql" allows; checked against what it says.')
    .meta({ examples: [100] }),
  setup,
  log: logExportShape
    .optional()
    .describe('Where the log of somebody else’s server is exported to, where SQL can’t read it.')
    .meta({ examples: [{ file: './cloud-sql-log.json', wait: '2m' }] }),
});

export type PostgresInFile = z.output<typeof postgresShape>;

/** A server that is started for the run. Without a word it is embedded. */
export function makeOwnServer({
  embedded = {},
  container,
}: Pick<PostgresInFile, 'embedded' | 'container'>): EmbeddedPostgres | ContainerPostgres {
  if (container === undefined)
    return { kind: 'embedded', maxConnections: embedded.max_connections ?? usualConnections };
  const { image, max_connections: given = usualConnections } = container;
  return { kind: 'container', image, maxConnections: given };
}

/** `postgres:` with every default written out. Passwords are in no form of it. */
export function writePostgres(target: PostgresTarget): PostgresInFile {
  const limits = { max_connections: target.maxConnections, setup: target.setupFile };
  if (!isForeign(target))
    return target.kind === 'embedded'
      ? { embedded: limits }
      : { container: { image: target.image, ...limits } };
  const place = target.kind === 'url' ? writeUrls(target) : { cloud_sql: writeCloudSql(target) };
  return { ...place, ...limits, log: writeLogExport(target.logExport) };
}
