import type { Problem } from '../../base/errors.ts';
import type { YamlPath } from '../../base/yaml.ts';
import { makeCloudSql, type CloudSqlInFile, type LoginInFile } from './cloud-sql-codec.ts';
import { secretsOf, type PostgresSetting, type ReadPostgres } from './postgres-setting.ts';
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
  const target = { ...makeCloudSql(file), maxConnections };
  const given = namedLogins(file);
  const where = {
    pathOf: (role: RoleName) => at(role),
    otherPathOf: (service: string) => at('services', service),
    source: setting.source,
  };
  return {
    target,
    secrets: given.flatMap(([, { password }]) => (password === undefined ? [] : secretsOf(password))),
    problems: [
      ...instanceProblems(file, setting),
      ...given.flatMap(([path, one]) => loginProblems(one, at(...path), setting)),
      ...databaseProblems(target, where),
    ],
  };
}

/** All logins, each with where it stands. */
function namedLogins(file: CloudSqlInFile): readonly (readonly [readonly string[], LoginInFile])[] {
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
  { auth = 'password', password }: LoginInFile,
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
