import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makePlan } from '../../../src/plan/make-plan.ts';
import type { RunPlan } from '../../../src/plan/run-plan.ts';
import { loadScenario } from '../../../src/scenario/load-scenario.ts';

/** What a test wants to be in the scenario file, in the file's own words. */
export interface InFile {
  readonly traffic: object;
  /** `GET /ok` unless given. */
  readonly requests?: readonly object[];
  readonly data?: object;
  readonly client?: object;
  readonly seed?: number;
  /** Files that lie beside it, by name. */
  readonly files?: Readonly<Record<string, string>>;
}

const promised = {
  service: { name: 'api', max_instances: 1, container_concurrency: 80, request_timeout_seconds: 30 },
  database: { app_pool_max: 4, acquire_timeout_ms: 1000, statement_timeout_ms: 5000 },
};

/** The plan of a scenario as a person would have written it. */
export async function planOf({ files = {}, ...wanted }: InFile): Promise<RunPlan> {
  const folder = await mkdtemp(join(tmpdir(), 'poolproof-'));
  try {
    for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
    const file = join(folder, 'scenario.yaml');
    const target = { local: { command: ['true'] } };
    const requests = [{ name: 'ok', get: '/ok' }];
    const common = { version: 1, name: 'conformance', seed: 7, contract: promised, target, requests };
    const scenario = { ...common, ...wanted };
    // JSON is YAML.
    await writeFile(file, JSON.stringify(scenario));
    return makePlan(await loadScenario(file, { env: {} }));
  } finally {
    await rm(folder, { recursive: true });
  }
}
