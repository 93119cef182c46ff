import type { Client } from 'pg';

/** What the monitor's role may see, and how the server keeps its log. Asked of the server, never assumed. */
export interface MonitorFacts {
  /** States, waits and ages of others' sessions; without, only that they are there, and whose. */
  readonly seesStates: boolean;
  /** Logins are counted (PostgreSQL 14 and later): without it no interval has an upper bound. */
  readonly countsLogins: boolean;
  /** Client sessions of others in the monitor's own database, where nothing is counted. */
  readonly strangers: number;
  /** Client sessions of others than the services' roles and the harness, anywhere. */
  readonly neighbors: number;
  readonly log: LogSettings;
}

/** The settings that decide what the log tells and who may read it. */
export interface LogSettings {
  readonly connections: string;
  readonly disconnections: string;
  readonly collector: string;
  readonly destination: string;
  readonly linePrefix: string;
  readonly timeZone: string;
  readonly messages: string;
  /** Whether this role may call the functions that read it. */
  readonly isReadable: boolean;
}

/** A session without its row's own role is told by its role and database alone, whoever asks. */
const query = `
select pg_has_role(current_user, 'pg_read_all_stats', 'usage') as sees_states,
  to_regproc('pg_catalog.pg_stat_get_db_sessions') is not null as counts_logins,
  (select count(*) from pg_stat_activity where usename is not null and datname = current_database()
    and application_name <> $1) as strangers,
  (select count(*) from pg_stat_activity where usename is not null and datname is not null
    and application_name <> $1 and usename <> all ($2)) as neighbors,
  current_setting('log_connections') as connections,
  current_setting('log_disconnections') as disconnections,
  current_setting('logging_collector') as collector,
  current_setting('log_destination') as destination,
  current_setting('log_line_prefix') as line_prefix,
  current_setting('log_timezone') as time_zone,
  current_setting('lc_messages') as messages,
  has_function_privilege('pg_current_logfile(text)', 'execute')
    and has_function_privilege('pg_ls_logdir()', 'execute')
    and has_function_privilege('pg_read_binary_file(text, bigint, bigint, boolean)', 'execute') as readable`;

type Row = Readonly<Record<string, string>>;

/** Asks over an ordinary session. */
export async function readMonitorFacts(
  client: Client,
  ownName: string,
  serviceRoles: readonly string[],
): Promise<MonitorFacts> {
  const row = (await client.query<Row>(query, [ownName, serviceRoles])).rows[0] ?? {};
  const text = (name: string): string => row[name] ?? '';
  return {
    seesStates: text('sees_states') === 't',
    countsLogins: text('counts_logins') === 't',
    strangers: Number(text('strangers')),
    neighbors: Number(text('neighbors')),
    log: {
      connections: text('connections'),
      disconnections: text('disconnections'),
      collector: text('collector'),
      destination: text('destination'),
      linePrefix: text('line_prefix'),
      timeZone: text('time_zone'),
      messages: text('messages'),
      isReadable: text('readable') === 't',
    },
  };
}
