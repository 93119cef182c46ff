import type { Problem } from '../../base/errors.ts';
import type { YamlFile } from '../../base/yaml.ts';
import type { PostgresTarget } from './postgres-target.ts';

/** What reading `postgres:` needs beside it. */
export interface PostgresSetting {
  readonly source: YamlFile;
  /** A path in the scenario, as a path that can be opened. */
  readonly resolve: (path: string) => string;
  /** The scenario's folder, absolute. */
  readonly cwd: string;
  readonly allowHosts: readonly string[];
}

/** `postgres:` after reading: where it runs, what of it may never be shown, and what is wrong. */
export interface ReadPostgres {
  readonly target: PostgresTarget;
  readonly secrets: readonly string[];
  readonly problems: readonly Problem[];
}

/** What of a password may not be shown: nothing where there is none. */
export function secretsOf(password: string): readonly string[] {
  return password === '' ? [] : [password];
}
