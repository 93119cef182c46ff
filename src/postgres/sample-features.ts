/** A row of the sample as the driver hands it over: text in the order of the query's columns. */
export type SampleRow = readonly (string | null)[];

/** What a server can tell a sampler, found out by asking it. */
export interface SampleFeatures {
  /** The number of the sampler's own database. */
  readonly ownDatabase: number;
  /**
   * Logins are counted, and the count is read as it stands now. PostgreSQL 13 does not count them, and 14 shows a
   * count that may be half a second old, which bounds nothing.
   */
  readonly countsLogins: boolean;
  /** Sessions that are still authenticating are shown (PostgreSQL 18). */
  readonly showsStarting: boolean;
  /** The role sees states, waits and ages of others' sessions; without, only that they are there, and whose. */
  readonly seesAll: boolean;
  /** The process of this very session. */
  readonly pid: number;
}

/** Asks for the features, in the order of `parseFeatures`. */
export const findFeatures = `
select d.oid,
  exists (select from pg_settings where name = 'stats_fetch_consistency'),
  current_setting('server_version_num')::int >= 180000,
  pg_has_role(current_user, 'pg_read_all_stats', 'usage'), pg_backend_pid()
from pg_database d where d.datname = current_database()`;

/** Reads the answer to `findFeatures`. */
export function parseFeatures([ownDatabase, counts, starting, sees, pid]: SampleRow): SampleFeatures {
  const seesAll = sees === 't';
  return {
    ownDatabase: Number(ownDatabase),
    countsLogins: counts === 't' && seesAll,
    showsStarting: starting === 't' && seesAll,
    seesAll,
    pid: Number(pid),
  };
}

/**
 * Each read of the counter is to be of its own moment; otherwise the second would repeat the first. Groups are hashed:
 * sorting them compares text, by whatever rules the server's language has. And what takes no longer than a thousandth
 * of a second is never worth compiling.
 */
export function settingsOf({ countsLogins }: SampleFeatures): readonly string[] {
  const fresh = countsLogins ? ['set stats_fetch_consistency = none'] : [];
  return [...fresh, 'set enable_sort = off', 'set jit = off'];
}
