import type { DatabaseAddress } from '../platform.ts';

/** What an instance is told about itself and its database. */
export interface InstanceFacts {
  readonly service: string;
  readonly revision: string;
  readonly instance: string;
  readonly port: number;
  /** As the instance reaches it: the address of its own link. */
  readonly database: DatabaseAddress;
  /** The environment that the person declared. */
  readonly declared: Readonly<Record<string, string>>;
  /** The environment of this process, of which only PATH and HOME are handed on. */
  readonly own: Readonly<Record<string, string | undefined>>;
}

/**
 * The environment of one instance: what Cloud Run's container contract promises, the database through the
 * instance's link under the usual names, and what was declared. The platform's names win over declared ones,
 * so that a service.yaml written for production reaches the local database; PGAPPNAME alone is the person's.
 */
export function instanceEnv(facts: InstanceFacts): Readonly<Record<string, string>> {
  const { database, own } = facts;
  const port = String(database.port);
  return {
    ...(own['PATH'] === undefined ? {} : { PATH: own['PATH'] }),
    ...(own['HOME'] === undefined ? {} : { HOME: own['HOME'] }),
    PGAPPNAME: applicationName(facts),
    ...facts.declared,
    PORT: String(facts.port),
    K_SERVICE: facts.service,
    K_REVISION: facts.revision,
    K_CONFIGURATION: facts.service,
    DATABASE_URL: databaseUrl(database),
    PGHOST: database.host,
    PGPORT: port,
    PGUSER: database.user,
    PGPASSWORD: database.password,
    PGDATABASE: database.database,
    DB_HOST: database.host,
    DB_PORT: port,
    DB_NAME: database.database,
    DB_USER: database.user,
    DB_PASSWORD: database.password,
  };
}

/** Puts the port where a command names it, in any of the usual spellings. */
export function withPort(
  command: readonly [string, ...string[]],
  port: number,
): readonly [string, ...string[]] {
  const [file, ...args] = command;
  return [file, ...args.map((arg) => arg.replace(portSpelling, String(port)))];
}

const portSpelling = /\$\{(?:PORT|port)\}|\$\(PORT\)|\$PORT(?!\w)/g;

/** Postgres cuts an application name at 63 bytes: the instance's own part must survive. */
function applicationName(facts: InstanceFacts): string {
  const tail = `/${facts.instance}`;
  return facts.revision.slice(0, 63 - tail.length) + tail;
}

function databaseUrl(database: DatabaseAddress): string {
  const who = `${encodeURIComponent(database.user)}:${encodeURIComponent(database.password)}`;
  return `postgres://${who}@${database.host}:${database.port}/${encodeURIComponent(database.database)}`;
}
