import type { YamlPath } from '../../base/yaml.ts';
import type { PostgresInFile } from './postgres-codec.ts';

/** The SQL that is run before the service starts, and where the scenario names it. */
export interface SetupInFile {
  readonly file: string;
  readonly path: YamlPath;
}

/** The setup file of whatever place Postgres runs in. */
export function setupIn({ embedded, container, setup }: PostgresInFile): SetupInFile | undefined {
  if (embedded?.setup !== undefined) return { file: embedded.setup, path: ['postgres', 'embedded', 'setup'] };
  if (container?.setup !== undefined)
    return { file: container.setup, path: ['postgres', 'container', 'setup'] };
  return setup === undefined ? undefined : { file: setup, path: ['postgres', 'setup'] };
}
