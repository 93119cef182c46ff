import { describe, expect, it } from 'vitest';
import { parseYaml } from '../../src/base/yaml.ts';
import type { Contract } from '../../src/contract/contract.ts';
import type { SourcedEnv } from '../../src/contract/cloud-run/env-settings.ts';
import { importService } from '../../src/contract/cloud-run/import-service.ts';
import { mergeContract, type TargetSources } from '../../src/contract/merge-contract.ts';
import { readContractFile } from '../../src/contract/read-contract-file.ts';
import { safeService } from './service.ts';

const place = { file: 'scenario.yaml', line: 7, column: 3 };
const chosen = (value: string) => ({ chosen: { value, place } });

function draftOf(text: string) {
  const source = parseYaml(text, 'budget.yaml');
  const draft = readContractFile(source, source.value);
  if (!draft.ok) throw new Error(JSON.stringify(draft.problems));
  return draft.value;
}

function importOf(name: string | null, maxScale: number | null = null, more = '', file = 'service.yaml') {
  const annotation = maxScale === null ? '' : `autoscaling.knative.dev/maxScale: '${maxScale}'`;
  const text = `metadata: { ${name === null ? '' : `name: ${name}`} }
spec: { template: { metadata: { annotations: { ${annotation} } }, spec: { ${more} } } }`;
  const result = importService(parseYaml(text, file));
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return { imported: result.value };
}

function envOf(values: Readonly<Record<string, string>>): { readonly env: SourcedEnv } {
  const entries = Object.entries(values).map(([name, value]) => [name, { value, place }] as const);
  return { env: new Map(entries) };
}

/** The hint of every disagreement is the same. */
const hintOf = (hint: string | undefined): string =>
  hint === undefined || hint.startsWith('two sources') ? '' : ` (${hint})`;

/** The contract, and whom its targets speak for; or the problems, a line each. */
function merge(text: string | null, targets: readonly TargetSources[] = []) {
  const merged = mergeContract({ ...(text === null ? {} : { draft: draftOf(text) }), targets });
  if (merged.ok) return { ...merged.value, problems: [] };
  const problems = merged.problems.map(
    (one) => `${one.place?.file}:${one.place?.line} ${one.message}${hintOf(one.hint)}`,
  );
  return { contract: undefined, targets: [], problems };
}

const two = `services:
  - { name: api, max_instances: 5, database: { app_pool_max: 4 } }
  - { name: worker, max_instances: 2, database: { app_pool_max: 2 } }`;
const one = 'api: { max_instances: 5, app_pool_max: 4 }';
const poolOf = ({ contract }: { readonly contract: Contract | undefined }, index = 0) =>
  contract?.services[index]?.poolMax;

describe('the service that a target speaks for', () => {
  it('is the one of its name, chosen or in service.yaml', () => {
    expect(merge(two, [chosen('worker'), chosen('api')]).targets).toEqual(['worker', 'api']);
    expect(merge(two, [importOf('worker')]).targets).toEqual(['worker']);
    expect(merge(two, [{ ...importOf('worker'), ...chosen('worker') }]).targets).toEqual(['worker']);
  });

  it('is the only one there is, where nobody says', () => {
    expect(merge(one, [{}]).targets).toEqual(['api']);
    expect(
      merge('service: { max_instances: 1 }\ndatabase: { app_pool_max: 1 }', [chosen('shop')]),
    ).toMatchObject({
      targets: ['shop'],
      contract: { services: [{ name: 'shop' }] },
    });
  });

  it('is a problem where two names are given, or the only one is called otherwise', () => {
    expect(merge(two, [{ ...importOf('worker'), ...chosen('api') }]).problems).toEqual([
      'scenario.yaml:7 the name of the service: api here, but worker at service.yaml:1:19',
    ]);
    expect(merge(one, [chosen('shop')]).problems).toEqual([
      'budget.yaml:1 the name of the service: api here, but shop at scenario.yaml:7:3',
    ]);
  });

  it('is a problem where the contract has no service of its name', () => {
    expect(merge(two, [chosen('workers')]).problems).toEqual([
      'scenario.yaml:7 the contract has no service "workers" (did you mean "worker"?)',
    ]);
    expect(merge(two, [chosen('frontend')]).problems).toEqual([
      'scenario.yaml:7 the contract has no service "frontend" (declared: api, worker)',
    ]);
  });
});

describe('the sources of a contract', () => {
  it('fill the gaps of one another: budget, service.yaml and environment', () => {
    const { contract } = merge('api: { app_pool_min: 1 }', [
      {
        ...importOf('api', 9, 'containerConcurrency: 20'),
        ...envOf({ DB_POOL_MAX: '3', DB_POOL_IDLE_TIMEOUT_MS: '30000' }),
      },
    ]);
    expect(contract?.services[0]).toMatchObject({
      maxInstances: 9,
      containerConcurrency: 20,
      poolMax: 3,
      poolMin: 1,
      idleTimeoutMs: 30_000,
    });
  });

  it('have to agree', () => {
    expect(merge(one, [importOf('api', 5)]).problems).toEqual([]);
    expect(merge(one, [{ ...importOf('api', 6), ...envOf({ DB_POOL_MAX: '5' }) }]).problems).toEqual([
      'budget.yaml:1 max_instances: 5 here, but 6 at service.yaml:2:82',
      'budget.yaml:1 app_pool_max: 4 here, but 5 at scenario.yaml:7:3',
    ]);
  });

  it('speak for their own service alone', () => {
    const merged = merge(two, [
      { ...chosen('worker'), ...envOf({ DB_POOL_MIN: '1', DB_POOL_MAX: '2' }) },
      chosen('api'),
    ]);
    expect(merged.contract?.services.map(({ poolMin }) => poolMin)).toEqual([0, 1]);
    expect([poolOf(merged, 0), poolOf(merged, 1)]).toEqual([4, 2]);
  });

  it('speak for nobody where there are several services and no name is given', () => {
    const merged = merge(two, [envOf({ DB_POOL_MIN: '1' })]);
    expect(merged.contract?.services.map(({ poolMin }) => poolMin)).toEqual([0, 0]);
  });

  it('are the environment that instances really get, before the one in service.yaml', () => {
    const declared = importOf(
      'api',
      5,
      "containers: [{ image: api, env: [{ name: DB_POOL_MAX, value: '7' }] }]",
    );
    expect(poolOf(merge(null, [declared]))).toBe(7);
    expect(poolOf(merge(null, [{ ...declared, ...envOf({ DB_POOL_MAX: '3' }) }]))).toBe(3);
  });

  it('are the services of several service.yaml files alone, where there is no budget', () => {
    const env = (name: string) =>
      `containers: [{ image: i, env: [{ name: DB_POOL_MAX, value: '${name}' }] }]`;
    const merged = merge(null, [
      importOf('api', 5, env('4')),
      { ...importOf(null, 2, env('2'), 'worker.yaml'), ...chosen('worker') },
    ]);
    expect(merged.targets).toEqual(['api', 'worker']);
    expect(merged.contract?.services).toMatchObject([
      { name: 'api', maxInstances: 5, poolMax: 4 },
      { name: 'worker', maxInstances: 2, poolMax: 2 },
    ]);
    expect(merged.contract?.headroom).toEqual([]);
  });

  it('are nothing at all where nobody says anything', () => {
    expect(merge(null)).toMatchObject({ contract: undefined, problems: [] });
  });
});

describe('what is assumed', () => {
  it('is every default that nobody declared, service by service', () => {
    const { contract } = merge(two);
    expect(contract?.assumed).toContain('api.min_instances');
    expect(contract?.assumed).toContain('worker.acquire_timeout_ms');
    expect(contract?.services[1]).toEqual({
      ...safeService,
      name: 'worker',
      maxInstances: 2,
      poolMax: 2,
      containerConcurrency: 80,
      match: {},
    });
    expect(merge(one).contract?.assumed).not.toContain('api.max_instances');
    expect(merge(one).contract?.assumed).not.toContain('api.name');
  });

  it('of a rollout is a second fleet, unless the platform caps both together', () => {
    const capped = (service: number) =>
      importService(
        parseYaml(
          `metadata: { name: api, annotations: { run.googleapis.com/maxScale: '${service}' } }
spec: { template: { metadata: { annotations: { autoscaling.knative.dev/maxScale: '4' } }, spec: {} } }`,
          'service.yaml',
        ),
      );
    const overlapOf = (service: number) => {
      const imported = capped(service);
      if (!imported.ok) throw new Error('it is sound');
      return merge('api: { app_pool_max: 4 }', [{ imported: imported.value }]).contract?.services[0]
        .rolloutOverlap;
    };
    expect(merge(one).contract?.services[0].rolloutOverlap).toBe(1);
    expect([overlapOf(4), overlapOf(5), overlapOf(20)]).toEqual([0, 0.25, 1]);
    expect(
      merge('api: { max_instances: 5, app_pool_max: 4, rollout_overlap: 0.5 }').contract?.services[0],
    ).toMatchObject({
      rolloutOverlap: 0.5,
    });
  });

  it('is said where Cloud Run would take another timeout', () => {
    const warning =
      'service.yaml declares no timeoutSeconds, for which Cloud Run takes 300; 30 is assumed here';
    expect(merge(one, [importOf('api')]).contract?.warnings).toEqual([warning]);
    expect(merge(one, [importOf('api', null, 'timeoutSeconds: 30')]).contract?.warnings).toBeUndefined();
    expect(
      merge('api: { max_instances: 5, app_pool_max: 4, request_timeout_seconds: 30 }', [importOf('api')])
        .contract?.warnings,
    ).toBeUndefined();
    expect(merge(one).contract?.warnings).toBeUndefined();
  });
});

describe('the environment of an instance', () => {
  it('may switch a timeout off, which is said: the contract’s is judged all the same', () => {
    const { contract } = merge(one, [envOf({ DB_POOL_ACQUIRE_TIMEOUT_MS: '0' })]);
    expect(contract?.services[0].acquireTimeoutMs).toBe(1000);
    expect(contract?.warnings).toEqual([
      "DB_POOL_ACQUIRE_TIMEOUT_MS=0 switches it off: the contract's acquire_timeout_ms is judged, and nothing enforces it",
    ]);
  });

  it.each([
    ['DB_POOL_MAX', '0', 1],
    ['DB_POOL_MAX', 'ten', 1],
    ['DB_POOL_MIN', '-1', 0],
    ['DB_STATEMENT_TIMEOUT_MS', '5s', 1],
    ['DB_POOL_MAX_LIFETIME_MS', '1.5', 1],
  ])('is refused with %s=%s', (name, value, least) => {
    expect(merge(one, [envOf({ [name]: value })]).problems).toEqual([
      `scenario.yaml:7 ${name}: expected a whole number of at least ${least}, got "${value}"`,
    ]);
  });

  it('sets every number of a pool', () => {
    const { contract } = merge('api: { max_instances: 5 }', [
      envOf({
        DB_POOL_MAX: '9',
        DB_POOL_MIN: '0',
        DB_POOL_ACQUIRE_TIMEOUT_MS: '700',
        DB_POOL_IDLE_TIMEOUT_MS: '10000',
        DB_POOL_MAX_LIFETIME_MS: '1800000',
        DB_STATEMENT_TIMEOUT_MS: '4000',
      }),
    ]);
    expect(contract?.services[0]).toMatchObject({
      poolMax: 9,
      poolMin: 0,
      acquireTimeoutMs: 700,
      idleTimeoutMs: 10_000,
      maxLifetimeMs: 1_800_000,
      statementTimeoutMs: 4000,
    });
    expect(contract?.assumed).not.toContain('api.app_pool_min');
  });
});

describe('what is missing or out of order', () => {
  it('names where it could be declared', () => {
    expect(merge('api: { container_concurrency: 4 }').problems).toEqual([
      'budget.yaml:1 api: max_instances is missing; without it there is no claim to prove (declare max_instances in the contract, or autoscaling.knative.dev/maxScale in service.yaml)',
      'budget.yaml:1 api: app_pool_max is missing; without it there is no claim to prove (declare app_pool_max in the contract, or DB_POOL_MAX in the environment of service.yaml)',
    ]);
  });

  it('is a minimum above its maximum, wherever the two come from', () => {
    expect(merge('api: { max_instances: 5, min_instances: 5, app_pool_max: 4 }').problems).toEqual([]);
    expect(merge(one, [envOf({ DB_POOL_MIN: '5' })]).problems).toEqual([
      'scenario.yaml:7 app_pool_min 5 is more than app_pool_max 4',
    ]);
  });
});

describe('the sums that somebody wrote down', () => {
  const database = 'database: { app_pool_max: 4, reserved_headroom_for_other_services: 20 }';
  const sums = (claim: number, total: number) =>
    `service: { name: api, max_instances: 5, background_sessions: 2 }\n${database}
budget: { worst_case_service_connections: ${claim}, total_planned_pressure: ${total} }`;

  it('are checked against the arithmetic', () => {
    expect(merge(sums(22, 42)).problems).toEqual([]);
    expect(merge(sums(20, 40)).problems).toEqual([
      'budget.yaml:3 budget.worst_case_service_connections: 20 is declared, but the sum is 22: api 5 instances x 1 worker x 4 sessions + 2 in the background = 22',
      'budget.yaml:3 budget.total_planned_pressure: 40 is declared, but the sum is 42: api 5 instances x 1 worker x 4 sessions + 2 in the background = 22, and 22 + 20 of headroom = 42',
    ]);
  });

  it('are those of all services together', () => {
    const wrong = `${two}\nbudget: { worst_case_service_connections: 20, total_planned_pressure: 24 }`;
    expect(merge(wrong).problems).toEqual([
      'budget.yaml:4 budget.worst_case_service_connections: 20 is declared, but the sum is 24: api 5 instances x 1 worker x 4 sessions = 20; worker 2 instances x 1 worker x 2 sessions = 4; together 24',
    ]);
  });
});
