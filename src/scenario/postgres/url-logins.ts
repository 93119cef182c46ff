import type { Problem } from '../../base/errors.ts';
import type { YamlFile, YamlPath } from '../../base/yaml.ts';
import { commonDatabase, type DatabaseLogin, type GivenRoles } from './postgres-target.ts';

/** The roles that a server of somebody's is given with. */
export type RoleName = 'service' | 'monitor' | 'headroom' | 'neighbor' | 'admin';

/** Where the scenario names them. */
export interface RolePlaces {
  readonly pathOf: (role: RoleName) => YamlPath;
  readonly otherPathOf: (service: string) => YamlPath;
  readonly source: YamlFile;
}

const sql = 'poolproof doctor prints the SQL that makes one';

/** The harness is in a database of its own, all of it in one, and the services are apart from it. */
export function databaseProblems(
  { service, others, monitor, headroom, neighbor }: GivenRoles<Pick<DatabaseLogin, 'user' | 'database'>>,
  { pathOf, otherPathOf, source }: RolePlaces,
): readonly Problem[] {
  const watched = monitor?.database ?? commonDatabase;
  const at = (path: YamlPath, message: string, hint?: string): Problem => ({
    message: `${path.join('.')}${message}`,
    place: source.placeOf(path),
    ...(hint === undefined ? {} : { hint }),
  });
  const services = [service, ...Object.values(others)];
  const inside = services.find(({ database }) => database === watched);
  const needsAnother = `${pathOf('monitor').at(-1) ?? ''} must name another database`;
  const names = services.map(({ user }) => user);
  return [
    ...(monitor !== null && inside !== undefined
      ? [
          at(
            pathOf('monitor'),
            ` names the service's database "${watched}": it needs one that no service uses`,
            sql,
          ),
        ]
      : []),
    ...(monitor === null && inside !== undefined
      ? [at(pathOf('service'), `: the service is in "${watched}" itself, so ${needsAnother}`, sql)]
      : []),
    ...(
      [
        ['headroom', headroom],
        ['neighbor', neighbor ?? null],
      ] as const
    ).flatMap(([role, login]) =>
      login !== null && login.database !== watched
        ? [at(pathOf(role), ` names "${login.database}", and the monitor is in "${watched}": one for both`)]
        : [],
    ),
    ...(neighbor !== undefined && names.includes(neighbor.user)
      ? [
          at(
            pathOf('neighbor'),
            `: "${neighbor.user}" is a service's own role: it stands for nobody else`,
            sql,
          ),
        ]
      : []),
    ...Object.entries(others).flatMap(([other, { user }], index) =>
      user !== '' && names.indexOf(user) <= index
        ? [
            at(
              otherPathOf(other),
              `: the role "${user}" is another service's too: nobody could tell them apart`,
            ),
          ]
        : [],
    ),
  ];
}

/** All logins are of one server. */
export function serverProblems(
  roles: GivenRoles<DatabaseLogin>,
  { pathOf, otherPathOf, source }: RolePlaces,
): readonly Problem[] {
  const { service, others } = roles;
  const named = [
    ...(['monitor', 'headroom', 'neighbor', 'admin'] as const).map(
      (role) => [pathOf(role), roles[role] ?? null] as const,
    ),
    ...Object.entries(others).map(([other, login]) => [otherPathOf(other), login] as const),
  ];
  return named.flatMap(([path, login]) => {
    const isThere =
      login === null || login.host === '' || (login.host === service.host && login.port === service.port);
    const message = `${path.join('.')} is another server than postgres.url`;
    return isThere ? [] : [{ message, place: source.placeOf(path) }];
  });
}
