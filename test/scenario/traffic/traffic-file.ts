import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadScenario } from '../../../src/scenario/load-scenario.ts';
import type { Scenario } from '../../../src/scenario/scenario.ts';
import { problemsOf } from '../problems.ts';

/** The rest of a scenario in one line, as keys of a flow mapping, so that `traffic:` stands in the second one. */
const rest =
  'version: 1, name: x, contract: { api: { max_instances: 1, app_pool_max: 1 } }, ' +
  'target: { local: { command: [node, x.mjs], name: api } }, ' +
  'requests: [{ name: read, get: / }, { name: write, post: / }],';

/** Hands a scenario with this traffic to a test, in a folder with these files. */
export async function withTraffic<T>(
  traffic: string | object,
  use: (file: string) => Promise<T>,
  files: Readonly<Record<string, string>> = {},
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'poolproof-test-'));
  try {
    for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
    const file = join(folder, 'x.yaml');
    // JSON is YAML.
    const text = typeof traffic === 'string' ? traffic : JSON.stringify(traffic);
    await writeFile(file, `{ ${rest}\ntraffic: ${text}}\n`);
    return await use(file);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** The traffic of such a scenario; throws when it is wrong. */
export async function trafficOf(
  traffic: string | object,
  files: Readonly<Record<string, string>> = {},
): Promise<Scenario['traffic']> {
  return withTraffic(traffic, async (file) => (await loadScenario(file, { env: {} })).traffic, files);
}

/** What is wrong with it, a line a problem; empty when nothing is. Places are those in the second line. */
export async function wrongWith(
  traffic: string | object,
  files: Readonly<Record<string, string>> = {},
): Promise<readonly string[]> {
  return withTraffic(
    traffic,
    async (file) => {
      const problems = await problemsOf(loadScenario(file, { env: {} }));
      return problems.map((line) => line.replaceAll(/\S*\/(?=[\w-]+\.csv)/g, ''));
    },
    files,
  );
}
