import type { Problem } from '../../base/errors.ts';
import type { YamlPath } from '../../base/yaml.ts';
import { readDatabaseUrl } from './database-url.ts';
import type { PostgresInFile } from './postgres-codec.ts';
import { secretsOf, type PostgresSetting, type ReadPostgres } from './postgres-setting.ts';
import type { DatabaseLogin, GivenRoles } from './postgres-target.ts';
import { databaseProblems, serverProblems, type RoleName } from './url-logins.ts';

const keys = {
  service: 'url',
  monitor: 'monitor_url',
  headroom: 'headroom_url',
  neighbor: 'neighbor_url',
  admin: 'admin_url',
} as const;

const nobody: DatabaseLogin = { host: '', port: 0, user: '', password: '', database: '' };

/** Reads the URLs of somebody's own server. */
export function readUrlPostgres(
  file: PostgresInFile & { readonly url: string },
  maxConnections: number,
  setting: PostgresSetting,
): ReadPostgres {
  const problems: Problem[] = [];
  const secrets: string[] = [];
  const read = (text: string | undefined, path: YamlPath): DatabaseLogin | null => {
    if (text === undefined) return null;
    const login = readDatabaseUrl(text);
    const name = ['postgres', ...path].join('.');
    const place = setting.source.placeOf(['postgres', ...path]);
    if (!login.ok) {
      problems.push({ message: `${name}: ${login.why}`, place });
      return null;
    }
    secrets.push(...secretsOf(login.value.password));
    problems.push(...foreignHost(login.value, path, setting));
    return login.value;
  };
  const given = read(file.url, ['url']);
  const others = Object.entries(file.urls ?? {}).map(
    ([service, text]) => [service, read(text, ['urls', service]) ?? nobody] as const,
  );
  const neighbor = read(file.neighbor_url, ['neighbor_url']);
  const roles: GivenRoles<DatabaseLogin> = {
    service: given ?? nobody,
    others: Object.fromEntries(others),
    monitor: read(file.monitor_url, ['monitor_url']),
    headroom: read(file.headroom_url, ['headroom_url']),
    ...(neighbor === null ? {} : { neighbor }),
    admin: read(file.admin_url, ['admin_url']),
  };
  const where = {
    pathOf: (role: RoleName) => ['postgres', keys[role]],
    otherPathOf: (service: string) => ['postgres', 'urls', service],
    source: setting.source,
  };
  if (given !== null) problems.push(...databaseProblems(roles, where), ...serverProblems(roles, where));
  return { target: { kind: 'url', ...roles, maxConnections }, secrets, problems };
}

const loopback = /^(?:localhost|127(?:\.\d{1,3}){3}|::1)$/;

/** Whether an address is of this machine alone. */
function isLoopback(host: string): boolean {
  return loopback.test(host);
}

function foreignHost({ host }: DatabaseLogin, path: YamlPath, setting: PostgresSetting): readonly Problem[] {
  if (isLoopback(host) || setting.allowHosts.includes(host)) return [];
  return [
    {
      message: `${['postgres', ...path].join('.')} is on ${host}, which safety.allow_hosts does not list`,
      place: setting.source.placeOf(['postgres', ...path]),
      hint: `safety: { allow_hosts: [127.0.0.1, ${host}] } allows it`,
    },
  ];
}
