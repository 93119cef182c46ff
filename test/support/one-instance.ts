import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freshFolder } from './cli.ts';

/** One instance with a pool of four: small enough to know what it can do. */
const common = {
  version: 1,
  seed: 7,
  contract: {
    service: {
      name: 'api',
      min_instances: 1,
      max_instances: 1,
      container_concurrency: 10,
      request_timeout_seconds: 5,
    },
    database: {
      app_pool_max: 4,
      acquire_timeout_ms: 1000,
      statement_timeout_ms: 2000,
      reserved_headroom_for_admin_and_migrations: 5,
    },
  },
};

/** Writes a scenario for such a service into a folder of its own, and yields the file. */
export async function writeOneInstance(scenario: object): Promise<string> {
  const file = join(await freshFolder(), 'scenario.yaml');
  // JSON is YAML.
  await writeFile(file, JSON.stringify({ ...common, ...scenario }));
  return file;
}
