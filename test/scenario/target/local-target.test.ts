import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { programsOf } from '../../../src/scenario/target/programs.ts';
import { loadScenario } from '../../../src/scenario/load-scenario.ts';
import { fixture, problemsOf } from '../problems.ts';
import { localOf } from '../local-of.ts';

const file = (name: string) => fixture('scenario', name);
const env = { TOKEN: 'abcdef123' };

test('several services run side by side, each put together from all that is said of it', async () => {
  const target = localOf(await loadScenario(file('local.yaml'), { env }));
  const cwd = dirname(file('local.yaml'));
  expect(target).toStrictEqual({
    kind: 'local',
    service: 'api',
    emulation: { profile: 'knative', timeScale: 300, idleCpu: 'stop', slotAfterTimeout: 'freed' },
    services: [
      {
        name: 'api',
        cwd,
        startupDelayMs: 200,
        secretFiles: {
          'db-password': file('secrets/db-password'),
          'api-key': file('secrets/api-key'),
        },
        programs: {
          web: { kind: 'process', command: ['gunicorn', '--bind', '0.0.0.0:${port:web}', 'app:app'] },
          pooler: { kind: 'process', command: ['pgbouncer', 'pooler.ini'] },
        },
        resource: {
          template: {
            annotations: { 'autoscaling.knative.dev/target': '7' },
            // What service.yaml leaves open is the contract's.
            scaling: { maxInstanceCount: 4, minInstanceCount: 1 },
            maxInstanceRequestConcurrency: 20,
            timeout: '15s',
            containers: [
              {
                name: 'pooler',
                image: 'pgbouncer',
                startupProbe: { tcpSocket: { port: 5432 } },
                env: [{ name: 'LISTEN_PORT', value: '${port:pooler}' }],
              },
              {
                name: 'web',
                image: 'web',
                ports: [{ containerPort: 8080 }],
                dependsOn: ['pooler'],
                env: [
                  { name: 'DB_NAME', value: 'shop' },
                  {
                    name: 'API_KEY',
                    valueSource: { secretKeyRef: { secret: 'api-key', version: 'latest' } },
                  },
                  {
                    name: 'DB_PASSWORD',
                    valueSource: { secretKeyRef: { secret: 'db-password', version: 'latest' } },
                  },
                  { name: 'POOLER', value: 'localhost:$(POOLER_PORT)' },
                  { name: 'ADMIN', value: '${port:pooler}/abcdef123' },
                ],
              },
            ],
          },
          traffic: [{ type: 'TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST', percent: 100 }],
        },
      },
      {
        name: 'worker',
        cwd,
        startupDelayMs: 0,
        secretFiles: {},
        programs: { worker: { kind: 'image', image: 'my-worker:dev', command: ['work', '--fast'] } },
        resource: {
          template: {
            containers: [{ name: 'worker', env: [{ name: 'QUEUE', value: 'jobs' }] }],
            scaling: { maxInstanceCount: 2 },
            maxInstanceRequestConcurrency: 80,
            timeout: '60s',
          },
        },
      },
      {
        name: 'cron',
        cwd,
        startupDelayMs: 1000,
        secretFiles: {},
        // Its container says itself what is run.
        programs: {},
        resource: {
          // The cap of the whole service leaves nothing open for its revisions.
          scaling: { maxInstanceCount: 1 },
          template: {
            containers: [{ name: 'app', command: ['node', 'cron.mjs'], args: ['--every', 'minute'] }],
            maxInstanceRequestConcurrency: 80,
            timeout: '30s',
          },
        },
      },
    ],
  });
});

test('several services are told apart by roles, which have their names unless the contract says otherwise', async () => {
  const { contract } = await loadScenario(file('local.yaml'), { env });
  expect(contract.services.map(({ name, match }) => [name, match.role])).toEqual([
    ['api', 'api'],
    ['worker', 'worker_app'],
    ['cron', 'cron'],
  ]);
});

test('what stands in the file of a secret is never shown', async () => {
  const { secrets } = await loadScenario(file('local.yaml'), { env });
  expect(secrets).toEqual(['abcdef123', 'correct horse battery', 'sk-0123456789']);
});

test('what service.yaml says of another place is said to have no effect here', async () => {
  const { contract } = await loadScenario(file('local.yaml'), { env });
  expect(contract.warnings).toEqual([
    'service.yaml declares no timeoutSeconds, for which Cloud Run takes 300; 30 is assumed here',
    "PORT in service.yaml is replaced by the emulator's own",
    'the revision api-v1 does not exist here: its 10 % of the traffic go to the newest one, and its tag old is left out',
  ]);
});

/** A scenario with this under target.local, and a contract of these services. */
function scenario(local: string, services = 'api: { max_instances: 2, app_pool_max: 3 }'): string {
  return [
    'version: 1',
    'name: written',
    `contract: { ${services} }`,
    `target: { local: { ${local} } }`,
    'traffic: { phases: [{ name: only, duration: 1s, rate: 1/s }] }',
    'requests: [{ name: home, get: / }]',
  ].join('\n');
}

const apiYaml = `service: ${JSON.stringify(file('service-api.yaml'))}`;
const two = 'api: { max_instances: 2, app_pool_max: 3 }, worker: { max_instances: 1, app_pool_max: 1 }';

test.each([
  [
    'no program at all',
    scenario('startup_delay: 1s'),
    ['4:18 target.local.command: missing (give the program that starts one instance, an image, or a'],
  ],
  [
    'no program for another service',
    scenario('command: [x], name: api, others: [{ name: worker }]', two),
    ['4:54 target.local.others.0.command: missing'],
  ],
  [
    'a secret without a file',
    scenario(`${apiYaml}, command: [x], containers: { pooler: { command: [y] } }`),
    ['service-api.yaml:25:67 the secret "api-key" has no file here (name one under secrets: { api-key:'],
  ],
  [
    'a file of a secret that is not there, and one that nobody asks for',
    scenario(`${apiYaml}, command: [x], secrets: { api-key: /no/such, api-kee: /dev/null }`),
    [
      "can't read /no/such: no such file",
      'no container and no volume asks for the secret "api-kee" (did you mean "api-key"?)',
    ],
  ],
  [
    'a container that service.yaml has not',
    scenario(
      `${apiYaml}, command: [x], secrets: { api-key: /dev/null }, containers: { poler: { image: x } }`,
    ),
    ['service.yaml has no container "poler" (did you mean "pooler"?)'],
  ],
  [
    'a program for the container that takes the requests in the wrong place',
    scenario(`${apiYaml}, command: [x], secrets: { api-key: /dev/null }, containers: { web: { image: x } }`),
    ['web takes the requests: its command, image and env stand outside of "containers"'],
  ],
  [
    'a variable of the platform for a sidecar',
    scenario(
      `${apiYaml}, command: [x], secrets: { api-key: /dev/null }, containers: { pooler: { env: { K_SERVICE: x, PORT: '1' } } }`,
    ),
    ['K_SERVICE is set by the emulator for every instance'],
  ],
  [
    'a service that is run twice',
    scenario('name: api, command: [x], others: [{ name: api, command: [y] }]', two),
    ['the service "api" is run twice'],
  ],
  [
    'another service that the contract has not',
    scenario('name: api, command: [x], others: [{ name: wroker, command: [y] }]', two),
    ['the contract has no service "wroker" (did you mean "worker"?)'],
  ],
  [
    'another service without a name',
    scenario('name: api, command: [x], others: [{ command: [y] }]', two),
    ["target.local.others.0: nothing says which of the contract's services this is (give it a name)"],
  ],
  [
    'two services of one role',
    scenario(
      'name: api, command: [x], others: [{ name: worker, command: [y] }]',
      'api: { max_instances: 2, app_pool_max: 3, match: { role: app } }, worker: { max_instances: 1, app_pool_max: 1, match: { role: app } }',
    ),
    ['the services "api" and "worker" share the role "app"'],
  ],
  [
    'the port of a container that there is not',
    scenario(`${apiYaml}, command: [x, '\${port:poler}'], secrets: { api-key: /dev/null }`),
    ['web asks for ${port:poler}, but there is no container "poler" (did you mean "pooler"?)'],
  ],
  [
    'a port of no name',
    scenario("command: [x, '${port:}']"),
    [
      'target.local.command.1: ${...} is not filled here (${port:NAME}, ${env:NAME} and ${file:path} work here)',
    ],
  ],
  [
    'words and numbers that nobody knows',
    scenario(
      'command: [x], profile: knativ, time_scale: 0.5, idle_cpu: half, slot_after_timeout: kept, secret: {}',
    ),
    [
      'target.local.profile: must be cloudrun or knative',
      'target.local.time_scale: must be at least 1',
      'target.local.idle_cpu: must be full or stop',
      'target.local.slot_after_timeout: must be held or freed',
      'unknown key "target.local.secret" (did you mean "secrets"?)',
    ],
  ],
  [
    'a service in two forms',
    scenario(`${apiYaml}, resource: { template: {} }`),
    ['"service" and "resource" exclude each other'],
  ],
  [
    'a resource that contradicts the contract',
    scenario('name: api, command: [x], resource: { template: { scaling: { maxInstanceCount: 9 } } }'),
    ['max_instances: 2 here, but 9 at'],
  ],
])('%s is refused', async (_, text, messages) => {
  const problems = await problemsOf(loadScenario(await written(text), { env }));
  expect(problems).toHaveLength(messages.length);
  for (const [index, message] of messages.entries()) expect(problems[index]).toContain(message);
});

test('a variable that the scenario or the emulator sets needs no secret any more', async () => {
  const path = await written(scenario(`${apiYaml}, command: [x], env: { API_KEY: secret }`));
  const target = localOf(await loadScenario(path, { env }));
  expect(target.services[0].secretFiles).toEqual({});
  // Nothing was said of the sidecar: the image that service.yaml names is run, and that of a later revision.
  expect(target.services[0].programs).toEqual({ web: { kind: 'process', command: ['x'] } });
  expect(programsOf(target.services[0])).toEqual({
    web: { kind: 'process', command: ['x'] },
    pooler: { kind: 'image', image: 'pgbouncer', command: [] },
  });
});

test('a DATABASE_URL that leads through a sidecar is let through, any other is not', async () => {
  const through = 'postgres://$(DB_USER)@localhost:${port:pooler}/$(DB_NAME)';
  const withUrl = (url: string) =>
    written(
      scenario(`${apiYaml}, command: [x], secrets: { api-key: /dev/null }, env: { DATABASE_URL: '${url}' }`),
    );
  const target = localOf(await loadScenario(await withUrl(through), { env }));
  expect(target.services[0].resource.template.containers?.[1]?.env).toContainEqual({
    name: 'DATABASE_URL',
    value: through,
  });
  expect(await problemsOf(loadScenario(await withUrl('postgres://elsewhere/'), { env }))).toEqual([
    expect.stringContaining('DATABASE_URL is set by the emulator for every instance'),
  ]);
});

test('every service.yaml fills the line of its own service', async () => {
  const cron = `others: [{ service: ${JSON.stringify(file('service-cron.yaml'))} }]`;
  const beside = (services: string) => written(scenario(`name: api, command: [x], ${cron}`, services));
  const { contract } = await loadScenario(await beside(`${two}, cron: { app_pool_max: 1 }`), { env });
  expect(contract.services.map(({ name, maxInstances }) => [name, maxInstances])).toEqual([
    ['api', 2],
    ['worker', 1],
    ['cron', 1],
  ]);
  const apart = await beside(`${two}, cron: { app_pool_max: 1, max_instances: 3 }`);
  expect(await problemsOf(loadScenario(apart, { env }))).toEqual([
    expect.stringContaining('max_instances: 3 here, but 1 at service-cron.yaml:5:'),
  ]);
});

test('a resource is taken as it stands', async () => {
  const value = '${env:NO_SUCH_VARIABLE} ${uuid}';
  const resource = `resource: { template: { containers: [{ env: [{ name: A, value: '${value}' }] }] } }`;
  const path = await written(
    scenario(
      `name: api, command: [x], ${resource}, others: [{ name: worker, command: [y], ${resource} }]`,
      two,
    ),
  );
  const target = localOf(await loadScenario(path, { env }));
  for (const { resource: given } of target.services)
    expect(given.template.containers?.[0]?.env).toEqual([{ name: 'A', value }]);
});

const folder = mkdtemp(join(tmpdir(), 'poolproof-local-'));

async function written(text: string): Promise<string> {
  const path = join(await folder, 'written.yaml');
  await writeFile(path, text);
  return path;
}
