import type { DatabaseAddress } from '../../platform.ts';
import type { ContainerFacts } from './container-facts.ts';

type Variables = Readonly<Record<string, string>>;

/** What a container gets unless it declares something else. */
export function defaultVariables({ own, revision, instance }: ContainerFacts): Variables {
  const handedOn = ['PATH', 'HOME'].flatMap((name) => {
    const value = own[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return { ...Object.fromEntries(handedOn), PGAPPNAME: applicationName(revision, instance) };
}

/** What Cloud Run's container contract promises, and the database through the instance's link. */
export function platformVariables(facts: ContainerFacts): Variables {
  const { service, revision, container, ingress, ports, database, metadataHost } = facts;
  return {
    ...(ingress ? { PORT: String(ports[container]) } : {}),
    K_SERVICE: service,
    K_REVISION: revision,
    K_CONFIGURATION: service,
    GCE_METADATA_HOST: metadataHost,
    GCE_METADATA_IP: metadataHost,
    ...(database === null ? {} : databaseVariables(database)),
  };
}

/** A database under all the names that services and drivers read. */
function databaseVariables(database: DatabaseAddress): Variables {
  const port = String(database.port);
  return {
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
    ...(database.passwordFile === undefined ? {} : { DB_PASSWORD_FILE: database.passwordFile }),
  };
}

/** Postgres truncates an application name to 63 bytes: the instance's part must survive. */
function applicationName(revision: string, instance: string): string {
  const tail = `/${instance}`;
  return revision.slice(0, 63 - tail.length) + tail;
}

function databaseUrl(database: DatabaseAddress): string {
  const who = `${encodeURIComponent(database.user)}:${encodeURIComponent(database.password)}`;
  return `postgres://${who}@${database.host}:${database.port}/${encodeURIComponent(database.database)}`;
}
