import type { Problem } from '../base/errors.ts';
import type { YamlFile } from '../base/yaml.ts';
import { commonDatabase, type UrlPostgres } from './postgres-target.ts';

/** The logins of somebody's server must be of one server, and the harness's apart from the service's database. */
export function urlLoginProblems(target: UrlPostgres, source: YamlFile): readonly Problem[] {
  const { service, monitor, headroom } = target;
  const watched = monitor?.database ?? commonDatabase;
  const at = (key: string, message: string, hint?: string): Problem => ({
    message: `postgres.${key}${message}`,
    place: source.placeOf(['postgres', key]),
    ...(hint === undefined ? {} : { hint }),
  });
  const sql = 'poolproof doctor prints the SQL that makes one';
  return [
    ...(monitor !== null && watched === service.database
      ? [
          at(
            'monitor_url',
            ` names the service's database "${watched}": it needs one that no service uses`,
            sql,
          ),
        ]
      : []),
    ...(monitor === null && watched === service.database
      ? [at('url', `: the service is in "${watched}" itself, so monitor_url must name another database`, sql)]
      : []),
    ...(headroom !== null && headroom.database !== watched
      ? [
          at(
            'headroom_url',
            ` names "${headroom.database}", and the monitor is in "${watched}": one for both`,
          ),
        ]
      : []),
    ...(['monitor', 'headroom', 'admin'] as const).flatMap((name) => {
      const login = target[name];
      const isThere = login === null || (login.host === service.host && login.port === service.port);
      return isThere ? [] : [at(`${name}_url`, ' is another server than postgres.url')];
    }),
  ];
}
