import type { Problem } from '../../base/errors.ts';
import type { YamlPath } from '../../base/yaml.ts';
import type { CloudSqlInFile, CloudSqlLoginInFile } from './cloud-sql-file.ts';
import { secretsOf, type PostgresSetting, type ReadPostgres } from './postgres-setting.ts';
import type { CloudSqlLogin, GivenRoles } from './postgres-target.ts';
import { databaseProblems, type RoleName } from './url-logins.ts';

/** `project:region:instance`; a project of a domain has a colon of its own. */
const connectionName = /^(?:[a-z0-9.-]+:)?[a-z0-9-]+:[a-z0-9-]+:[a-z0-9-]+$/;

/** Reads an instance of Cloud SQL, and who logs in to it. */
export function readCloudSql(
  file: CloudSqlInFile,
  maxConnections: number,
  setting: PostgresSetting,
): ReadPostgres {
  const at = (...path: readonly string[]): YamlPath => ['postgres', 'cloud_sql', ...path];
  const { instance, ip_type: ipType = 'public', admin_api: adminApi } = file;
  const roles: GivenRoles<CloudSqlLogin> = {
    service: loginOf(file.service),
    others: Object.fromEntries(
      Object.entries(file.services ?? {}).map(([name, one]) => [name, loginOf(one)]),
    ),
    monitor: file.monitor === undefined ? null : loginOf(file.monitor),
    headroom: file.headroom === undefined ? null : loginOf(file.headroom),
    ...(file.neighbor === undefined ? {} : { neighbor: loginOf(file.neighbor) }),
    admin: file.admin === undefined ? null : loginOf(file.admin),
  };
  const given = namedLogins(file);
  const where = {
    pathOf: (role: RoleName) => at(role),
    otherPathOf: (service: string) => at('services', service),
    source: setting.source,
  };
  return {
    target: {
      kind: 'cloud_sql',
      instance,
      ipType,
      ...(adminApi === undefined ? {} : { adminApi }),
      ...roles,
      maxConnections,
    },
    secrets: given.flatMap(([, { password }]) => (password === undefined ? [] : secretsOf(password))),
    problems: [
      ...instanceProblems(file, setting),
      ...given.flatMap(([path, one]) => loginProblems(one, at(...path), setting)),
      ...databaseProblems(roles, where),
    ],
  };
}

function loginOf({ user, password = '', database, auth = 'password' }: CloudSqlLoginInFile): CloudSqlLogin {
  return { user, password, database, auth };
}

/** All logins, each with where it stands. */
function namedLogins(file: CloudSqlInFile): readonly (readonly [readonly string[], CloudSqlLoginInFile])[] {
  const roles = (['service', 'monitor', 'headroom', 'neighbor', 'admin'] as const).flatMap((role) => {
    const login = file[role];
    return login === undefined ? [] : [[[role], login] as const];
  });
  return [
    ...roles,
    ...Object.entries(file.services ?? {}).map(([name, login]) => [['services', name], login] as const),
  ];
}

function instanceProblems(
  { instance, admin_api }: CloudSqlInFile,
  { source, allowHosts }: PostgresSetting,
): readonly Problem[] {
  const place = source.placeOf(['postgres', 'cloud_sql', 'instance']);
  if (!connectionName.test(instance))
    return [{ message: `"${instance}" is no connection name: project:region:instance`, place }];
  const api = admin_api === undefined || URL.canParse(admin_api);
  return [
    ...(api
      ? []
      : [
          {
            message: `postgres.cloud_sql.admin_api: "${admin_api}" is no URL`,
            place: source.placeOf(['postgres', 'cloud_sql', 'admin_api']),
          },
        ]),
    ...(allowHosts.includes(instance)
      ? []
      : [
          {
            message: `postgres.cloud_sql is the instance ${instance}, which safety.allow_hosts does not list`,
            place,
            hint: `safety: { allow_hosts: [127.0.0.1, '${instance}'] } allows it`,
          },
        ]),
  ];
}

function loginProblems(
  { auth = 'password', password }: CloudSqlLoginInFile,
  path: YamlPath,
  { source }: PostgresSetting,
): readonly Problem[] {
  if ((auth === 'password') === (password !== undefined)) return [];
  const message =
    auth === 'iam'
      ? `${path.join('.')}: with IAM there is no password: the connector brings a token`
      : `${path.join('.')}: a password is missing`;
  const hint = auth === 'iam' ? 'leave password out' : 'give it as "${env:NAME}", or write auth: iam';
  return [{ message, place: source.placeOf(path), hint }];
}
