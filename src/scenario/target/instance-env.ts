import type { Place, Problem } from '../../base/errors.ts';
import type { YamlFile, YamlPath } from '../../base/yaml.ts';
import type { SourcedEnv } from '../../contract/cloud-run/env-settings.ts';
import type { Sourced } from '../../contract/service-draft.ts';

/** What every container is told by the platform; nobody else may. */
const platformNames = ['K_SERVICE', 'K_REVISION', 'K_CONFIGURATION'];

/** Where the database is, of which the emulator's own word is the last. */
const databaseNames = [
  'DATABASE_URL',
  'PGHOST',
  'PGPORT',
  'PGUSER',
  'PGPASSWORD',
  'PGDATABASE',
  'DB_HOST',
  'DB_PORT',
  'DB_NAME',
  'DB_USER',
  'DB_PASSWORD',
];

/** Which container an environment is of, and whether there is a database for it here. */
export interface EnvKind {
  readonly isIngress: boolean;
  readonly hasDatabase: boolean;
}

/** The container that takes requests, of a service with a database. */
export const ingressEnv: EnvKind = { isIngress: true, hasDatabase: true };

/** True for a variable that the emulator sets, whatever is declared. */
export function isReplaced(name: string, { hasDatabase }: EnvKind): boolean {
  return platformNames.includes(name) || (hasDatabase && databaseNames.includes(name));
}

/**
 * True for a variable that nobody may set, because it would never arrive: PORT, the K_ names, and a DATABASE_URL
 * unless it leads through another container of the instance, or is made from the emulator's own.
 */
export function isRefused(name: string, value: string, { isIngress, hasDatabase }: EnvKind): boolean {
  if (name === 'PORT') return isIngress;
  if (platformNames.includes(name)) return true;
  return name === 'DATABASE_URL' && hasDatabase && !isOfThisInstance(value);
}

function isOfThisInstance(value: string): boolean {
  return /\$\{port:[^}]*\}|\$\((?:DB_HOST|PGHOST|DATABASE_URL)\)/.test(value);
}

/** What is wrong with a variable that somebody wants to set; nothing when it is sound. */
export function wrongWithVariable(name: string, value: string, kind: EnvKind): string | undefined {
  if (isRefused(name, value, kind)) return `${name} is set by the emulator for every instance`;
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(name)
    ? undefined
    : `"${name}" is no name for an environment variable`;
}

/** The environment of local instances: service.yaml's, and the scenario's own over it. */
export interface InstanceEnv {
  readonly env: SourcedEnv;
  readonly problems: readonly Problem[];
}

/** Lays both over one another, without what the emulator sets by itself. `path` is where the own one stands. */
export function instanceEnv(
  imported: SourcedEnv,
  own: Readonly<Record<string, string>>,
  source: YamlFile,
  path: YamlPath,
): InstanceEnv {
  const problems: Problem[] = [];
  const env = new Map<string, Sourced<string>>(imported);
  const refused = [...imported].filter(([name, { value }]) => isRefused(name, value, ingressEnv));
  for (const [name] of refused) env.delete(name);
  for (const [name, value] of Object.entries(own)) {
    const place = source.placeOfKey([...path, name]);
    const message = wrongWithVariable(name, value, ingressEnv);
    if (message === undefined) env.set(name, { value, place });
    else problems.push({ message, place });
  }
  return { env, problems };
}

/** What is wrong with an environment; `placeOf` says where a variable stands, if anywhere. */
export function envProblems(
  own: Readonly<Record<string, string>>,
  kind: EnvKind,
  placeOf: (name: string) => Place | undefined,
): readonly Problem[] {
  return Object.entries(own).flatMap(([name, value]) => {
    const message = wrongWithVariable(name, value, kind);
    const place = placeOf(name);
    if (message === undefined) return [];
    return [{ message, ...(place === undefined ? {} : { place }) }];
  });
}
