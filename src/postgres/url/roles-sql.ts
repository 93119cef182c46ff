/** What the roles are for. */
export interface RolesOrders {
  /** The role that the service logs in as, and its database. */
  readonly service: string;
  readonly database: string;
}

/** The harness's own database on a server of somebody's; no service uses it, and nothing in it counts. */
const ownDatabase = 'poolproof';

const password = `'choose one'`;

/**
 * The SQL that makes the roles poolproof would use on a server of somebody's own, each with the least that its work
 * needs. For a superuser, or `cloudsqlsuperuser`, in psql; poolproof itself never runs it.
 */
export function rolesSql({ service, database }: RolesOrders): string {
  const [app, home] = [quoteName(service), quoteName(database)];
  return `-- Watches: postgres.monitor_url. Sees all sessions, changes nothing.
create role poolproof_monitor login connection limit 8 password ${password};
grant pg_monitor to poolproof_monitor;
-- The canary: postgres.headroom_url. An ordinary role; it must never get a reserved slot.
create role poolproof_headroom login connection limit 4 password ${password};
-- Another service's canary: postgres.neighbor_url; takes slots for db.hold, too. As ordinary a role.
create role poolproof_neighbor login password ${password};
-- Their database: no service uses it, so that what poolproof does there is not counted.
create database ${ownDatabase};
revoke connect on database ${ownDatabase} from public;
grant connect on database ${ownDatabase} to poolproof_monitor, poolproof_headroom, poolproof_neighbor;

-- Optional: the monitor watches without taking a slot of max_connections (a superuser gives it).
alter role poolproof_monitor replication;
-- Optional: reading the server log, in that database (a superuser gives it; not on Cloud SQL).
\\connect ${ownDatabase}
grant execute on function pg_current_logfile(text) to poolproof_monitor;
grant execute on function pg_read_binary_file(text, bigint, bigint, boolean) to poolproof_monitor;
\\connect ${home}

-- For db.hold, which takes slots in the service's database.
grant connect on database ${home} to poolproof_neighbor;
-- Faults that end or limit the service's sessions (db.terminate, db.role_limit): postgres.admin_url.
create role poolproof_chaos login createrole password ${password};
grant pg_signal_backend to poolproof_chaos;
grant ${app} to poolproof_chaos with admin option;

-- Afterwards:
-- drop database ${ownDatabase};
-- drop role poolproof_monitor, poolproof_headroom, poolproof_neighbor, poolproof_chaos;
`;
}

/** As an identifier; the plain ones stay plain. */
function quoteName(name: string): string {
  return /^[a-z_][a-z0-9_]*$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`;
}
