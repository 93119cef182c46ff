import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { makePlan } from '../../src/plan/make-plan.ts';
import { effectiveYaml } from '../../src/scenario/effective.ts';
import type { Scenario } from '../../src/scenario/scenario.ts';
import { loadScenario } from '../../src/scenario/load-scenario.ts';

it.each(['burst', 'burst-unbudgeted'])(
  'the effective form of %s reads back as the same scenario',
  async (name) => {
    const scenario = await loadScenario(`scenarios/${name}.yaml`, { env: {} });
    const file = join(await mkdtemp(join(tmpdir(), 'poolproof-test-')), 'effective.yaml');
    await writeFile(file, effectiveYaml(scenario));
    const again = await loadScenario(file, { env: {} });
    expect(makePlan(again).scheduleHash).toBe(makePlan(scenario).scheduleHash);
    expect(makePlan(again).budget).toEqual(makePlan(scenario).budget);
    expect(again.contract.services).toEqual(scenario.contract.services);
    expect(withoutFolders(again)).toEqual(withoutFolders(scenario));
  },
);

it('keeps services, secrets, faults and how they are emulated', async () => {
  const scenario = await loadScenario('test/fixtures/scenario/local.yaml', { env: { TOKEN: 'x' } });
  const file = join(await mkdtemp(join(tmpdir(), 'poolproof-test-')), 'effective.yaml');
  await writeFile(file, effectiveYaml({ ...scenario, secrets: [], blotted: [] }));
  const again = await loadScenario(file, { env: {} });
  expect(withoutFolders(again)).toEqual(withoutFolders(scenario));
  expect(again.chaos.map(({ atUs, forUs, service, fault }) => [atUs, forUs, service, fault])).toEqual(
    scenario.chaos.map(({ atUs, forUs, service, fault }) => [atUs, forUs, service, fault]),
  );
  expect(again.contract.services).toEqual(scenario.contract.services);
});

/** The target, wherever its scenario stands. */
function withoutFolders({ target }: Scenario): object {
  return { ...target, services: target.services.map((service) => ({ ...service, cwd: '' })) };
}

it('blots out secret values wherever they stand', async () => {
  const scenario = await loadScenario('scenarios/burst.yaml', { env: {} });
  const [first, ...rest] = scenario.requests;
  const secret = { ...first, headers: { authorization: 'Bearer open sesame' } };
  const text = effectiveYaml({ ...scenario, requests: [secret, ...rest], secrets: ['open sesame'] });
  expect(text).toContain('Bearer [redacted]');
  expect(text).not.toContain('open sesame');
});
