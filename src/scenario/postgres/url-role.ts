import type { Problem } from '../../base/errors.ts';
import type { YamlFile, YamlPath } from '../../base/yaml.ts';
import type { Contract } from '../../contract/contract.ts';
import {
  isForeign,
  type CloudSqlLogin,
  type ForeignPostgres,
  type PostgresTarget,
} from './postgres-target.ts';
import type { Promised } from '../read-promise.ts';

/** A service's own login, and where the scenario has it. */
interface ServiceLogin {
  readonly login: Pick<CloudSqlLogin, 'user' | 'database'>;
  readonly path: YamlPath;
}

/** Each service that runs here has a login of its own, and what the contract says of it must agree. */
export function urlRoleProblems(
  target: PostgresTarget,
  { contract, services }: Promised,
  source: YamlFile,
): readonly Problem[] {
  if (!isForeign(target)) return [];
  const [driven, ...others] = services;
  const logins = others.map((name) => [name, otherLogin(target, name)] as const);
  return [
    ...disagreements(contract, driven, drivenLogin(target), source),
    ...logins.flatMap(([name, login]) =>
      login === null ? [missing(target, name, source)] : disagreements(contract, name, login, source),
    ),
    ...Object.keys(target.others)
      .filter((name) => !others.includes(name))
      .map((name) => unknown(target, name, others, source)),
  ];
}

function drivenLogin(target: ForeignPostgres): ServiceLogin {
  return {
    login: target.service,
    path: target.kind === 'url' ? ['postgres', 'url'] : ['postgres', 'cloud_sql', 'service'],
  };
}

function otherLogin(target: ForeignPostgres, name: string): ServiceLogin | null {
  const login = target.others[name];
  return login === undefined ? null : { login, path: [...othersPath(target), name] };
}

function othersPath({ kind }: ForeignPostgres): readonly string[] {
  return kind === 'url' ? ['postgres', 'urls'] : ['postgres', 'cloud_sql', 'services'];
}

function missing(target: ForeignPostgres, name: string, source: YamlFile): Problem {
  const { path } = drivenLogin(target);
  const login = target.kind === 'url' ? 'postgres://role:password@host/database' : '{ user: ..., ... }';
  return {
    message: `${path.join('.')} is one login, and ${name} runs here too`,
    place: source.placeOf(path),
    hint: `give it its own: ${othersPath(target).join('.')}: { ${name}: ${login} }`,
  };
}

function unknown(
  target: ForeignPostgres,
  name: string,
  others: readonly string[],
  source: YamlFile,
): Problem {
  const path = [...othersPath(target), name];
  return {
    message: `${path.join('.')}: no service "${name}" runs beside the driven one`,
    place: source.placeOfKey(path),
    hint: others.length === 0 ? 'target.local.others names none' : `these do: ${others.join(', ')}`,
  };
}

function disagreements(
  contract: Contract,
  service: string,
  { login, path }: ServiceLogin,
  source: YamlFile,
): readonly Problem[] {
  const match = contract.services.find(({ name }) => name === service)?.match;
  const pairs = [
    ['role', match?.role, login.user],
    ['database', match?.database, login.database],
  ] as const;
  return pairs
    .filter(([, promised, given]) => promised !== undefined && promised !== given && given !== '')
    .map(([what, promised, given]) => ({
      message: `the contract knows ${service} by the ${what} "${promised ?? ''}", and ${path.join('.')} names "${given}"`,
      place: source.placeOf(path),
    }));
}

/** The contract with the roles that the services of it log in as. */
export function withUrlRole(contract: Contract, target: PostgresTarget, driven: string): Contract {
  if (!isForeign(target)) return contract;
  const roleOf = (service: string): string | undefined =>
    service === driven ? target.service.user : target.others[service]?.user;
  const [first, ...rest] = contract.services.map((one) => {
    const role = roleOf(one.name);
    return role === undefined ? one : { ...one, match: { ...one.match, role } };
  });
  return first === undefined ? contract : { ...contract, services: [first, ...rest] };
}
