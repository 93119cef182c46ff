import type { EnvSpec } from '../../../contract/cloud-run/revision-spec.ts';
import type { ContainerFacts } from './container-facts.ts';

/** Where the database is, in the words a service reads it by. */
const places = ['DATABASE_URL', 'DB_HOST', 'DB_PORT', 'PGHOST', 'PGPORT'];

/** A host means nothing without its port: who chooses the one chooses the other. */
const portOfHost: Readonly<Record<string, string>> = { DB_HOST: 'DB_PORT', PGHOST: 'PGPORT' };

/** The declared variables that a container gets, by name; the platform's own values take the place of others. */
export function declaredVariables(
  facts: ContainerFacts,
  platform: ReadonlyMap<string, string>,
): ReadonlyMap<string, EnvSpec> {
  return new Map(
    facts.declared
      .filter((one) => !platform.has(one.name) || isOfThisInstance(one, facts))
      .map((one) => [one.name, one] as const),
  );
}

/** Whether the value says where the database is in words that can only mean this instance. */
function isOfThisInstance(one: EnvSpec, facts: ContainerFacts): boolean {
  if ('secret' in one || !places.includes(one.name)) return false;
  if (refersToPlace(one.value)) return true;
  const port = portOfHost[one.name];
  return port !== undefined && (isMounted(one.value, facts) || facts.declared.some(isReferring(port)));
}

function refersToPlace(value: string): boolean {
  return /\$\{port:[^}]*\}|\$\((?:DB_HOST|PGHOST|DATABASE_URL)\)/.test(value);
}

function isReferring(name: string): (one: EnvSpec) => boolean {
  return (one) => one.name === name && 'value' in one && refersToPlace(one.value);
}

/** A socket's folder, such as `/cloudsql/...`. */
function isMounted(value: string, { volumes }: ContainerFacts): boolean {
  return volumes.some(({ mounted }) => value === mounted || value.startsWith(`${mounted}/`));
}
