import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { loadScenario } from '../../src/scenario/load-scenario.ts';
import { expectNothing } from '../../src/scenario/requests/request-spec.ts';
import type { Scenario } from '../../src/scenario/scenario.ts';
import { fixture, problemsOf } from './problems.ts';
import { localOf } from './local-of.ts';

const file = (name: string) => fixture('scenario', name);
const env = { TOKEN: 'abcdef123' };

/** The environment of the one container. */
function envOf(scenario: Scenario): object {
  const [container] = localOf(scenario).services[0].resource.template.containers ?? [];
  return Object.fromEntries((container?.env ?? []).map(({ name, value }) => [name, value]));
}

test('a small scenario needs ten lines, and the rest has defaults', async () => {
  const scenario = await loadScenario(file('small.yaml'), { env });
  expect(scenario).toMatchObject({
    name: 'small',
    seed: 1,
    contract: { services: [{ name: 'api', maxInstances: 2, poolMax: 3 }] },
    target: {
      kind: 'local',
      service: 'api',
      services: [
        {
          name: 'api',
          resource: {
            template: {
              containers: [{ name: 'api' }],
              scaling: { maxInstanceCount: 2 },
              maxInstanceRequestConcurrency: 80,
              timeout: '30s',
            },
          },
          programs: { api: { kind: 'process', command: ['node', 'server.mjs'] } },
          cwd: dirname(file('small.yaml')),
          secretFiles: {},
          startupDelayMs: 0,
        },
      ],
      emulation: { profile: 'cloudrun', timeScale: 1, idleCpu: 'full', slotAfterTimeout: 'held' },
    },
    chaos: [],
    postgres: { kind: 'embedded', maxConnections: 100 },
    traffic: {
      arrivals: { kind: 'poisson' },
      maxInFlight: 2000,
      phases: [
        { name: 'only', durationMs: 10_000, stress: false, shape: { kind: 'constant', ratePerSec: 20 } },
      ],
    },
    requests: [
      { name: 'home', weight: 1, method: 'GET', path: '/', expect: { status: [], bodyNotEmpty: false } },
    ],
    // The request timeout of 30 s, and what the platform and the way there may add to it.
    client: { timeoutMs: 42_000, deadlineMs: 30_000, retry: { name: 'none', maxAttempts: 1 } },
    sampling: { everyMs: 50 },
    safety: {
      allowHosts: ['127.0.0.1'],
      denyHosts: [],
      allowExec: false,
      allowDestructive: [],
      acceptOvercommit: false,
    },
    secrets: [],
  });
});

const poisson = { kind: 'poisson' };

test('every key of the language arrives', async () => {
  const scenario = await loadScenario(file('full.yaml'), { env });
  expect(scenario.target).toMatchObject({
    service: 'api',
    services: [{ name: 'api', startupDelayMs: 800 }],
  });
  expect(envOf(scenario)).toEqual({
    DB_POOL_MAX: '4',
    GREETING: 'hello',
    TOKEN: 'abcdef123',
    LEVEL: 'info',
    NOTE: 'x-a secret note-x',
  });
  expect(scenario.postgres).toEqual({ kind: 'embedded', maxConnections: 60, setupFile: file('setup.sql') });
  expect(scenario.traffic).toEqual({
    arrivals: poisson,
    maxInFlight: 500,
    phases: [
      {
        name: 'baseline',
        durationMs: 10_000,
        stress: false,
        arrivals: poisson,
        shape: { kind: 'constant', ratePerSec: 20 },
      },
      {
        name: 'burst',
        durationMs: 30_000,
        stress: true,
        arrivals: poisson,
        shape: { kind: 'ramp', ratePerSec: 20, toPerSec: 200 },
      },
    ],
  });
  expect(scenario.requests).toEqual([
    {
      name: 'read',
      weight: 9,
      method: 'GET',
      path: '/orders/${rand_int(1,1000)}',
      holdMs: 5,
      headers: { 'x-token': 'abcdef123' },
      expect: { ...expectNothing, status: [200, 404], bodyNotEmpty: true },
    },
    {
      name: 'write',
      weight: 1,
      method: 'POST',
      path: '/orders',
      headers: {},
      body: { kind: 'json', value: { sku: '${uuid}', n: 1 } },
      expect: { ...expectNothing, status: [201] },
    },
    {
      name: 'raw',
      weight: 1,
      method: 'PUT',
      path: '/raw',
      headers: {},
      body: { kind: 'text', text: 'seq=${seq}' },
      expect: expectNothing,
    },
  ]);
  expect(scenario.client).toMatchObject({ timeoutMs: 35_000, deadlineMs: 20_000, retry: { name: 'none' } });
  expect(scenario.sampling.everyMs).toBe(100);
  expect(scenario.safety.acceptOvercommit).toBe(true);
});

test('the command line goes before the file', async () => {
  const scenario = await loadScenario(file('small.yaml'), { env, seed: 7, acceptOvercommit: true });
  expect(scenario.seed).toBe(7);
  expect(scenario.safety.acceptOvercommit).toBe(true);
});

test('what the emulator sets by itself is taken out of service.yaml, and said', async () => {
  const scenario = await loadScenario(file('full.yaml'), { env });
  expect(envOf(scenario)).not.toHaveProperty('DATABASE_URL');
  expect(scenario.contract.warnings).toEqual([
    "DATABASE_URL in service.yaml is replaced by the emulator's own",
  ]);
});

test('values from the environment and from files are secrets, defaults are not', async () => {
  expect((await loadScenario(file('full.yaml'), { env })).secrets).toEqual(['abcdef123', 'a secret note']);
  expect((await loadScenario(file('full.yaml'), { env: { TOKEN: '7' } })).secrets).toEqual([
    '7',
    'a secret note',
  ]);
});

test('a secret in a wrong place does not show in the message', async () => {
  const path = await written("version: 1\nname: x\nsampling: { every: '${env:TOKEN}' }\n");
  const problems = await problemsOf(loadScenario(path, { env }));
  expect(problems.join('\n')).toContain('got "[redacted]"');
  expect(problems.join('\n')).not.toContain('abcdef123');
});

test('everything that is wrong is said at once, with places and nearest matches', async () => {
  expect(await problemsOf(loadScenario(file('wrong.yaml'), { env: {} }))).toEqual([
    'wrong.yaml:2:7 name: must be letters, digits, ".", "_" and "-", at most 64 of them',
    'wrong.yaml:3:1 unknown key "sede" (did you mean "seed"?)',
    `wrong.yaml:4:11 can't read ${file('no-such-budget.yaml')}: no such file`,
    'wrong.yaml:7:14 target.local.command: expected a list, such as [node, server.mjs]',
    'wrong.yaml:8:20 target.local.startup_delay: expected a duration with its unit, such as "250ms" or "10s", got 800',
    'wrong.yaml:9:12 PORT is set by the emulator for every instance',
    'wrong.yaml:9:30 target.local.env.DEBUG: expected text: put it in quotes',
    'wrong.yaml:11:13 traffic.arrivals: must be uniform, poisson or mmpp',
    'wrong.yaml:12:3 unknown key "traffic.maxInFlight" (did you mean "max_in_flight"?)',
    'wrong.yaml:14:32 traffic.phases.0.duration: expected a duration with its unit, such as "250ms" or "10s", got 10',
    'wrong.yaml:14:42 traffic.phases.0.rate: expected a rate with its unit, such as "50/s" or "3000/m", got 50',
    'wrong.yaml:14:46 unknown key "traffic.phases.0.stres" (did you mean "stress"?)',
    'wrong.yaml:15:43 traffic.phases.1.rate: expected a rate with its unit, such as "50/s" or "3000/m", got "50ps"',
    'wrong.yaml:17:24 requests.0.get: unknown template "${rand_itn(1,9)}"; did you mean ${rand_int(from,to)}?',
    'wrong.yaml:18:62 requests.1.expect.headers.x-id: ${...} is not filled here (templates work in the path, the headers and the body of requests; ${env:NAME} and ${file:path} work everywhere)',
    'wrong.yaml:19:25 the environment variable NO_SUCH_VARIABLE is not set (set it, or give a default: ${env:NO_SUCH_VARIABLE:-default})',
    'wrong.yaml:20:20 sampling.every: expected a duration with its unit, such as "250ms" or "10s", got 5000',
  ]);
});

test('contradictions inside the scenario and between its files are said together', async () => {
  expect(await problemsOf(loadScenario(file('contradictions.yaml'), { env }))).toEqual([
    `contradictions.yaml:9:32 can't read ${file('nowhere.sql')}: no such file`,
    'contradictions.yaml:11:3 the phases together plan no arrivals',
    'contradictions.yaml:13:15 two phases are called "idle"',
    'contradictions.yaml:15:5 the request "both" has 2 methods: get, post',
    'contradictions.yaml:16:5 the request "none" has no method; it needs one of get, post, put, patch, delete, head, options',
    "contradictions.yaml:17:27 a get request has no body: json can't be sent",
    'contradictions.yaml:17:37 "json" and "body" exclude each other',
    'contradictions.yaml:18:38 the client sets the header "Host" itself',
    'contradictions.yaml:18:55 "a b" is not a valid header name',
    'contradictions.yaml:18:65 the header "ok" has a character that is not allowed in headers',
    'contradictions.yaml:19:24 target.local is driven on 127.0.0.1, which safety.allow_hosts does not list',
    'budget.yaml:3:18 max_instances: 5 here, but 7 at service-other.yaml:9:43',
    'budget.yaml:7:17 app_pool_max: 4 here, but 9 at contradictions.yaml:8:12',
  ]);
});

test('a key that is not built yet is refused as such, never ignored', async () => {
  const problems = await problemsOf(loadScenario(file('not-built.yaml'), { env }));
  expect(problems.map((line) => line.replace(/ is not built yet in this version .*/, ''))).toEqual([
    'not-built.yaml:3:1 extends',
    'not-built.yaml:8:3 target.cloud_run',
    'not-built.yaml:14:3 traffic.repeat',
    'not-built.yaml:16:48 traffic.phases.0.until',
    'not-built.yaml:18:27 requests.0.idempotent',
    'not-built.yaml:19:11 client.retry: sre',
    'not-built.yaml:19:23 client.circuit_breaker',
    'not-built.yaml:21:31 chaos.0.do: db.failover',
    'not-built.yaml:24:11 safety.max_rate',
  ]);
});

test('where several services are declared, the one that runs here has to be named', async () => {
  expect(await problemsOf(loadScenario(file('several-services.yaml'), { env }))).toEqual([
    'several-services.yaml:7:10 the contract has 2 services, and nothing says which one runs here (name one with target.local.name: api, worker)',
  ]);
});

const rest = `target: { local: { command: [node, x.mjs], TARGET } }
traffic: { phases: [{ name: only, duration: 1s, rate: 1/s }] }
requests: [{ name: home, get: / }]
`;
const two =
  'contract: { api: { max_instances: 1, app_pool_max: 1 }, worker: { max_instances: 2, app_pool_max: 1, request_timeout_seconds: 60 } }\n';

test('the service that is named decides the timeouts of its caller', async () => {
  const path = await written(`version: 1\nname: x\n${two}${rest.replace('TARGET', 'name: worker')}`);
  const scenario = await loadScenario(path, { env });
  expect(scenario.target.service).toBe('worker');
  expect(scenario.client).toMatchObject({ timeoutMs: 72_000, deadlineMs: 60_000 });
});

test('a name that no service has is refused with the nearest one', async () => {
  const path = await written(`version: 1\nname: x\n${two}${rest.replace('TARGET', 'name: wroker')}`);
  expect(await problemsOf(loadScenario(path, { env }))).toEqual([
    'written.yaml:4:50 the contract has no service "wroker" (did you mean "worker"?)',
  ]);
});

test('a scenario without any contract is refused', async () => {
  const path = await written(`version: 1\nname: x\n${rest.replace(', TARGET', '')}`);
  expect((await problemsOf(loadScenario(path, { env })))[0]).toContain('written.yaml:1:1 contract: missing');
});

test('a service.yaml that declares enough is a contract', async () => {
  const path = await written(
    `version: 1\nname: x\n${rest.replace('TARGET', `service: ${JSON.stringify(file('service.yaml'))}`)}`,
  );
  const { contract } = await loadScenario(path, { env });
  expect(contract.services).toMatchObject([{ name: 'api', maxInstances: 5, poolMax: 4 }]);
});

test.each([
  ['${secret:projects/p/secrets/s}', '${secret:...} is not built yet in this version'],
  ['${file:no-such-file}', "can't read"],
  ['${env:1+1}', 'names no environment variable'],
  ['${uuid}', 'is not filled here'],
])('%s in the environment of instances is refused', async (text, message) => {
  const path = await written(
    `version: 1\nname: x\n${two}${rest.replace('TARGET', () => `name: api, env: { A: '${text}' }`)}`,
  );
  const problems = await problemsOf(loadScenario(path, { env }));
  expect(problems[0]).toContain(message);
  expect(problems[0]).toMatch(/^written.yaml:4:/);
});

test('whatever stands in the file, the outcome is a scenario or an InputError', async () => {
  const key = fc.constantFrom(
    'version',
    'name',
    'seed',
    'contract',
    'target',
    'local',
    'service',
    'command',
    'env',
    'postgres',
    'embedded',
    'traffic',
    'phases',
    'requests',
    'get',
    'headers',
    'client',
    'retry',
    'chaos',
    'do',
    'with',
    'others',
    'containers',
    'secrets',
    'resource',
    'template',
    'safety',
    '__proto__',
  );
  const { value } = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { depthSize: 'small' },
      fc.constantFrom(null, true, 1, -1, 'text', '10s', '50/s', '/', '${env:TOKEN}', '${uuid}', '${'),
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(key, tie('value'), { maxKeys: 5 }),
    ),
  }));
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(
        value.map((any) => JSON.stringify(any)),
        fc.string(),
      ),
      async (text) => {
        const path = await written(text);
        await loadScenario(path, { env }).catch((error: unknown) =>
          expect(error).toHaveProperty('name', 'InputError'),
        );
      },
    ),
    { numRuns: 300 },
  );
});

const folder = mkdtemp(join(tmpdir(), 'poolproof-scenario-'));

async function written(text: string): Promise<string> {
  const path = join(await folder, 'written.yaml');
  await writeFile(path, text);
  return path;
}
