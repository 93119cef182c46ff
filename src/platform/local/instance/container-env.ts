import { EnvironmentError } from '../../../base/errors.ts';
import type { ContainerFacts } from './container-facts.ts';
import { declaredVariables } from './declared-variables.ts';
import { defaultVariables, platformVariables } from './platform-variables.ts';
import { resolveReferences } from './references.ts';
import { withLocalPaths } from './volume-paths.ts';

/**
 * The environment of one container: what Cloud Run's container contract promises, the database through the
 * instance's link under the usual names, and what was declared.
 *
 * The platform's names win over declared ones, so that a service.yaml written for production reaches the local
 * database. A declared place of the database wins all the same when it can only mean this very instance:
 * - DATABASE_URL, DB_HOST, DB_PORT, PGHOST and PGPORT that refer to `${port:NAME}` of a sidecar, or to the
 *   platform's own `$(DB_HOST)`, `$(PGHOST)` or `$(DATABASE_URL)`;
 * - DB_HOST beside a DB_PORT that wins so, PGHOST beside such a PGPORT;
 * - DB_HOST and PGHOST that are a path into a mounted volume, such as `/cloudsql/...`.
 *
 * Values may refer to other variables, whatever their order; a value that refers to itself means the platform's,
 * as in `PATH=/opt/bin:$(PATH)`. The text of a secret is taken as it is.
 * Throws `EnvironmentError` for a secret that has no file here; one that the platform's value replaces needs none.
 */
export function containerEnv(facts: ContainerFacts): Readonly<Record<string, string>> {
  const platform: ReadonlyMap<string, string> = new Map(Object.entries(platformVariables(facts)));
  const given = new Map([...Object.entries(defaultVariables(facts)), ...platform]);
  const declared = declaredVariables(facts, platform);
  const valueOf = (name: string, open: readonly string[]): string | undefined => {
    const one = open.includes(name) ? undefined : declared.get(name);
    if (one === undefined) return given.get(name);
    if ('secret' in one) return withLocalPaths(secretText(one.secret, name, facts), facts.volumes);
    return withReferents(one.value, facts, (other) => valueOf(other, [...open, name]));
  };
  const names = [...new Set([...given.keys(), ...declared.keys()])];
  return Object.fromEntries(names.map((name) => [name, valueOf(name, []) ?? '']));
}

/** A command or an argument, with ports, variables and the local places of volumes put in. */
export function commandText(
  text: string,
  facts: ContainerFacts,
  env: Readonly<Record<string, string>>,
): string {
  return withReferents(text, facts, (name) => env[name]);
}

function withReferents(
  text: string,
  { ports, container, volumes }: ContainerFacts,
  variable: (name: string) => string | undefined,
): string {
  return resolveReferences(withLocalPaths(text, volumes), {
    ownPort: ports[container] ?? 0,
    portOf: (name) => ports[name],
    variable,
  });
}

function secretText(secret: string, variable: string, { container, secrets }: ContainerFacts): string {
  const text = secrets.get(secret);
  if (text === undefined) throw missingSecret(secret, `the variable ${variable} of container ${container}`);
  return text;
}

/** A secret that something needs and that has no file on this machine. */
export function missingSecret(secret: string, needed: string): EnvironmentError {
  return new EnvironmentError([
    {
      message: `there is no value here for the secret ${secret}, which ${needed} needs`,
      hint: `name a file that holds one, under target.local: "secrets: { ${secret}: ./file }"`,
    },
  ]);
}
