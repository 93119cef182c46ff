import type { Problem } from '../../base/errors.ts';
import type { YamlFile, YamlPath } from '../../base/yaml.ts';
import { readDatabaseUrl } from '../postgres/database-url.ts';
import type { PostgresInFile } from '../postgres/postgres-codec.ts';
import type { SafetyInFile } from './safety-codec.ts';

/** As a word of its own: `orders-prod`, `live_eu`, `production`, but not `reproduce` or `delivery`. */
const production = /(?:^|[^a-z])(?:prod|prd|production|live)(?:$|[^a-z])/i;

/** A server that the scenario names, its databases, and where it does. */
interface NamedServer {
  readonly path: YamlPath;
  readonly host: string;
  readonly databases: readonly string[];
}

const keys = ['url', 'monitor_url', 'headroom_url', 'neighbor_url', 'admin_url'] as const;

/** Hosts that are denied, and servers that look like production and that nobody has named outright. */
export function checkHosts(
  postgres: PostgresInFile,
  { allow_hosts: allowed = [], deny_hosts: denied = [] }: SafetyInFile,
  source: YamlFile,
): readonly Problem[] {
  return serversOf(postgres).flatMap(({ path, host, databases }): readonly Problem[] => {
    const name = path.join('.');
    const place = source.placeOf(path);
    if (isDenied(host, denied))
      return [{ message: `${name} is on ${host}, which safety.deny_hosts forbids`, place }];
    const telling = [host, ...databases].find((one) => production.test(one));
    if (telling === undefined || allowed.includes(host)) return [];
    const message = `${name} looks like production: "${telling}"`;
    const hint = `if this is meant, name the host: safety: { allow_hosts: [127.0.0.1, ${host}] }`;
    return [{ message, place, hint }];
  });
}

function serversOf(postgres: PostgresInFile): readonly NamedServer[] {
  const others = Object.entries(postgres.urls ?? {}).map(([name, url]) => [['urls', name], url] as const);
  const urls = [...keys.map((key) => [[key], postgres[key] ?? ''] as const), ...others];
  const addresses = urls.flatMap(([path, text]) => {
    const url = readDatabaseUrl(text);
    if (!url.ok) return [];
    return [{ path: ['postgres', ...path], host: url.value.host, databases: [url.value.database] }];
  });
  const instance = postgres.cloud_sql;
  if (instance === undefined) return addresses;
  const { service, services = {}, monitor, headroom, neighbor, admin } = instance;
  const logins = [service, ...Object.values(services), monitor, headroom, neighbor, admin];
  const databases = logins.flatMap((login) => (login === undefined ? [] : [login.database]));
  const path = ['postgres', 'cloud_sql', 'instance'];
  return [...addresses, { path, host: instance.instance, databases }];
}

/** `db.example.com`, or `*.example.com` for all below it. */
export function isDenied(host: string, denied: readonly string[]): boolean {
  const name = host.toLowerCase();
  return denied.some((one) => {
    const rule = one.toLowerCase();
    return rule.startsWith('*.') ? name.endsWith(rule.slice(1)) : name === rule;
  });
}
