import { isAbsolute, join } from 'node:path';
import type { Problem } from '../base/errors.ts';
import { readText } from '../base/load-yaml.ts';
import type { YamlFile, YamlPath } from '../base/yaml.ts';
import { readDatabaseUrl } from './database-url.ts';
import { isWorthHiding } from './interpolate.ts';
import type { PostgresInFile } from './postgres-file.ts';
import type { DatabaseLogin, PostgresTarget } from './postgres-target.ts';
import { setupIn, type SetupInFile } from './setup-file.ts';
import { urlLoginProblems } from './url-logins.ts';

/** What reading `postgres:` needs beside it. */
export interface PostgresSetting {
  readonly source: YamlFile;
  /** A path in the scenario, as a path that can be opened. */
  readonly resolve: (path: string) => string;
  /** The scenario's folder, absolute. */
  readonly cwd: string;
  readonly allowHosts: readonly string[];
}

/** `postgres:` after reading: where it runs, what of it may never be shown, and what is wrong. */
export interface ReadPostgres {
  readonly target: PostgresTarget;
  readonly secrets: readonly string[];
  readonly problems: readonly Problem[];
}

/** 100 sessions is what Postgres itself allows unless told otherwise. */
const usualConnections = 100;

const places = ['embedded', 'container', 'url'] as const;
const urlKeys = ['monitor_url', 'headroom_url', 'admin_url', 'max_connections', 'setup'] as const;

/** Reads where Postgres runs. Without a word it is embedded. */
export async function readPostgres(
  given: PostgresInFile | undefined,
  setting: PostgresSetting,
): Promise<ReadPostgres> {
  const file = given ?? {};
  const unclear = unclearPlaces(file, given !== undefined, setting.source);
  const setup = setupIn(file);
  const { target, secrets, problems } =
    file.url === undefined
      ? { target: ownServer(file), secrets: [], problems: [] }
      : readUrls({ ...file, url: file.url }, setting);
  const setupFile = setup === undefined ? {} : { setupFile: absolute(setup, setting) };
  return {
    target: { ...target, ...setupFile },
    secrets,
    problems: [...unclear, ...problems, ...(await unreadable(setup, setting))],
  };
}

/** One of them, and what belongs to "url" beside it alone. */
function unclearPlaces(file: PostgresInFile, isGiven: boolean, source: YamlFile): readonly Problem[] {
  const named = places.filter((place) => file[place] !== undefined);
  const stray = file.url === undefined ? urlKeys.filter((key) => file[key] !== undefined) : [];
  const place = source.placeOf(['postgres']);
  const which = 'name one of embedded, container and url';
  if (isGiven && named.length === 0)
    return [{ message: 'postgres: nothing says where it runs', place, hint: which }];
  if (named.length > 1)
    return [{ message: `postgres: ${named.join(' and ')} are two places to run`, place, hint: which }];
  return stray.map((key) => ({
    message: `postgres.${key} goes with postgres.url`,
    place: source.placeOfKey(['postgres', key]),
    hint: `write it under ${named[0] ?? 'url'}`,
  }));
}

function ownServer({ embedded, container }: PostgresInFile): PostgresTarget {
  if (container === undefined)
    return { kind: 'embedded', maxConnections: embedded?.max_connections ?? usualConnections };
  return {
    kind: 'container',
    image: container.image,
    maxConnections: container.max_connections ?? usualConnections,
  };
}

function readUrls(file: PostgresInFile & { readonly url: string }, setting: PostgresSetting): ReadPostgres {
  const problems: Problem[] = [];
  const secrets: string[] = [];
  const read = (key: 'url' | 'monitor_url' | 'headroom_url' | 'admin_url'): DatabaseLogin | null => {
    const text = file[key];
    if (text === undefined) return null;
    const login = readDatabaseUrl(text);
    const place = setting.source.placeOf(['postgres', key]);
    if (!login.ok) {
      problems.push({ message: `postgres.${key}: ${login.why}`, place });
      return null;
    }
    secrets.push(...passwordsOf(login.value));
    problems.push(...foreignHost(login.value, ['postgres', key], setting));
    return login.value;
  };
  const given = read('url');
  const service = given ?? { host: '', port: 0, user: '', password: '', database: '' };
  if (file.max_connections === undefined) problems.push(undeclared(setting.source));
  const others = { monitor: read('monitor_url'), headroom: read('headroom_url'), admin: read('admin_url') };
  const maxConnections = file.max_connections ?? usualConnections;
  const target = { kind: 'url', service, ...others, maxConnections } as const;
  if (given !== null) problems.push(...urlLoginProblems(target, setting.source));
  return { target, secrets, problems };
}

/** As it is typed into a URL, too. */
function passwordsOf({ password }: DatabaseLogin): readonly string[] {
  return [...new Set([password, encodeURIComponent(password)])].filter(isWorthHiding);
}

/** Incidents begin with a limit that somebody guessed: it is declared, and then held against what the server says. */
function undeclared(source: YamlFile): Problem {
  return {
    message: 'postgres.max_connections: missing: what the server of postgres.url is known to allow',
    place: source.placeOf(['postgres', 'url']),
    hint: 'poolproof doctor asks the server',
  };
}

const loopback = /^(?:localhost|127(?:\.\d{1,3}){3}|::1)$/;

/** Whether an address is of this machine alone. */
export function isLoopback(host: string): boolean {
  return loopback.test(host);
}

function foreignHost({ host }: DatabaseLogin, path: YamlPath, setting: PostgresSetting): readonly Problem[] {
  if (isLoopback(host) || setting.allowHosts.includes(host)) return [];
  return [
    {
      message: `${path.join('.')} is on ${host}, which safety.allow_hosts does not list`,
      place: setting.source.placeOf(path),
      hint: `safety: { allow_hosts: [127.0.0.1, ${host}] } allows it`,
    },
  ];
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
