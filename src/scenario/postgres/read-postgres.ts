import { isAbsolute, join } from 'node:path';
import type { Problem } from '../../base/errors.ts';
import { readText } from '../../base/load-yaml.ts';
import type { YamlFile } from '../../base/yaml.ts';
import { makeLogExport } from './log-export-codec.ts';
import { makeOwnServer, usualConnections, type PostgresInFile } from './postgres-codec.ts';
import type { PostgresSetting, ReadPostgres } from './postgres-setting.ts';
import { isForeign } from './postgres-target.ts';
import { readCloudSql } from './read-cloud-sql.ts';
import { readUrlPostgres } from './read-url-postgres.ts';
import { setupIn, type SetupInFile } from './setup-file.ts';

const places = ['embedded', 'container', 'url', 'cloud_sql'] as const;
const urlKeys = ['monitor_url', 'headroom_url', 'neighbor_url', 'admin_url', 'urls'] as const;
const foreignKeys = ['max_connections', 'log', 'setup'] as const;

/** Reads where Postgres runs. Without a word it is embedded. */
export async function readPostgres(
  given: PostgresInFile | undefined,
  setting: PostgresSetting,
): Promise<ReadPostgres> {
  const file = given ?? {};
  const unclear = unclearPlaces(file, given !== undefined, setting.source);
  const setup = setupIn(file);
  const { target, secrets, problems } = readPlace(file, setting);
  const logExport =
    file.log === undefined || !isForeign(target) ? {} : { logExport: makeLogExport(file.log, setting.cwd) };
  const setupFile = setup === undefined ? {} : { setupFile: absolute(setup, setting) };
  return {
    target: { ...target, ...setupFile, ...logExport },
    secrets,
    problems: [
      ...unclear,
      ...(isForeign(target) && file.max_connections === undefined ? [undeclared(file, setting.source)] : []),
      ...problems,
      ...(await unreadable(setup, setting)),
    ],
  };
}

function readPlace(file: PostgresInFile, setting: PostgresSetting): ReadPostgres {
  const { url, cloud_sql: instance, max_connections: maxConnections = usualConnections } = file;
  if (url !== undefined) return readUrlPostgres({ ...file, url }, maxConnections, setting);
  if (instance !== undefined) return readCloudSql(instance, maxConnections, setting);
  return { target: makeOwnServer(file), secrets: [], problems: [] };
}

/** One of them, and beside it nothing that belongs to another. */
function unclearPlaces(file: PostgresInFile, isGiven: boolean, source: YamlFile): readonly Problem[] {
  const named = places.filter((place) => file[place] !== undefined);
  const place = source.placeOf(['postgres']);
  const which = 'name one of embedded, container, url and cloud_sql';
  if (isGiven && named.length === 0)
    return [{ message: 'postgres: nothing says where it runs', place, hint: which }];
  if (named.length > 1)
    return [{ message: `postgres: ${named.join(' and ')} are two places to run`, place, hint: which }];
  const isOwn = file.url === undefined && file.cloud_sql === undefined;
  const stray = [...(file.url === undefined ? urlKeys : []), ...(isOwn ? foreignKeys : [])];
  return stray
    .filter((key) => file[key] !== undefined)
    .map((key) => ({
      message: `postgres.${key} goes with postgres.url`,
      place: source.placeOfKey(['postgres', key]),
      hint: `write it under ${named[0] ?? 'url'}`,
    }));
}

/** Incidents begin with a limit that somebody guessed: it is declared, and then held against what the server says. */
function undeclared(file: PostgresInFile, source: YamlFile): Problem {
  const key = file.url === undefined ? 'cloud_sql' : 'url';
  return {
    message: `postgres.max_connections: missing: what the server of postgres.${key} is known to allow`,
    place: source.placeOf(['postgres', key]),
    hint: 'poolproof doctor asks the server',
  };
}

function absolute({ file }: SetupInFile, { cwd }: PostgresSetting): string {
  return isAbsolute(file) ? file : join(cwd, file);
}

/** A setup file that can't be read is said before Postgres is started for it. */
async function unreadable(
  setup: SetupInFile | undefined,
  { source, resolve }: PostgresSetting,
): Promise<readonly Problem[]> {
  if (setup === undefined) return [];
  const text = await readText(resolve(setup.file));
  return text.ok ? [] : [{ message: text.why, place: source.placeOf(setup.path) }];
}
