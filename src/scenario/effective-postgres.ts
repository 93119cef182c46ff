import { showDatabaseUrl } from './database-url.ts';
import type { DatabaseLogin, PostgresTarget } from './postgres-target.ts';

/** `postgres` with everything written out; passwords are in no form of it. */
export function effectivePostgres(target: PostgresTarget): object {
  const { maxConnections: max_connections, setupFile: setup } = target;
  if (target.kind === 'embedded') return { embedded: { max_connections, setup } };
  if (target.kind === 'container') return { container: { image: target.image, max_connections, setup } };
  const show = (login: DatabaseLogin | null): string | undefined =>
    login === null ? undefined : showDatabaseUrl(login);
  return {
    url: show(target.service),
    monitor_url: show(target.monitor),
    headroom_url: show(target.headroom),
    admin_url: show(target.admin),
    max_connections,
    setup,
  };
}
