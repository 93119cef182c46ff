import { formatMs } from '../../base/units.ts';
import { showDatabaseUrl } from './database-url.ts';
import type {
  CloudSqlLogin,
  CloudSqlPostgres,
  DatabaseLogin,
  PostgresTarget,
  UrlPostgres,
} from './postgres-target.ts';

/** `postgres` with everything written out; passwords are in no form of it. */
export function effectivePostgres(target: PostgresTarget): object {
  const { maxConnections: max_connections, setupFile: setup } = target;
  if (target.kind === 'embedded') return { embedded: { max_connections, setup } };
  if (target.kind === 'container') return { container: { image: target.image, max_connections, setup } };
  const { logExport } = target;
  const log =
    logExport === undefined ? undefined : { file: logExport.file, wait: formatMs(logExport.waitMs) };
  const place = target.kind === 'url' ? effectiveUrls(target) : { cloud_sql: effectiveCloudSql(target) };
  return { ...place, max_connections, setup, log };
}

function effectiveUrls(target: UrlPostgres): object {
  const { service, others, monitor, headroom, neighbor = null, admin } = target;
  const show = (login: DatabaseLogin | null): string | undefined =>
    login === null ? undefined : showDatabaseUrl(login);
  return {
    url: show(service),
    urls: shownOthers(others, show),
    monitor_url: show(monitor),
    headroom_url: show(headroom),
    neighbor_url: show(neighbor),
    admin_url: show(admin),
  };
}

function effectiveCloudSql(target: CloudSqlPostgres): object {
  const {
    instance,
    ipType: ip_type,
    adminApi: admin_api,
    service,
    others,
    monitor,
    headroom,
    neighbor = null,
    admin,
  } = target;
  const show = (login: CloudSqlLogin | null): object | undefined =>
    login === null ? undefined : { user: login.user, database: login.database, auth: login.auth };
  return {
    instance,
    ip_type,
    admin_api,
    service: show(service),
    services: shownOthers(others, show),
    monitor: show(monitor),
    headroom: show(headroom),
    neighbor: show(neighbor),
    admin: show(admin),
  };
}

function shownOthers<L>(
  others: Readonly<Record<string, L>>,
  show: (login: L) => unknown,
): Readonly<Record<string, unknown>> | undefined {
  const all = Object.entries(others);
  return all.length === 0 ? undefined : Object.fromEntries(all.map(([name, login]) => [name, show(login)]));
}
