import { expect, test } from 'vitest';
import type { RevisionTemplate } from '../../../src/contract/cloud-run/service-resource.ts';
import type { ServiceOrders } from '../../../src/platform/local/emulator-orders.ts';
import { planInstance } from '../../../src/platform/local/instance/instance-plan.ts';
import { serviceOf } from './specs.ts';

const port = [{ containerPort: 8080 }];

function planOf(template: RevisionTemplate, programs: ServiceOrders['programs'] = {}) {
  const { service, spec } = serviceOf(template, { programs });
  return planInstance(service, spec);
}

function sourcesOf(template: RevisionTemplate, programs: ServiceOrders['programs'] = {}) {
  const plan = planOf(template, programs);
  return plan.kind === 'plan' ? plan.containers.map(({ source }) => source) : plan.problem;
}

test('the chosen program is run; without one a command that has no image, then the image', () => {
  const containers = [
    { name: 'app', image: 'shop/app', ports: port },
    { name: 'log', command: ['sh', '-c'], args: ['tail'], workingDir: 'logs' },
    { name: 'proxy', image: 'shop/proxy', args: ['--port=1'] },
    { name: 'cron', image: 'shop/cron', command: ['cron'], args: ['-f'] },
  ];
  expect(sourcesOf({ containers }, { app: { kind: 'process', command: ['node', 'app.mjs'] } })).toEqual([
    { kind: 'process', command: ['node', 'app.mjs'], cwd: '/srv' },
    { kind: 'process', command: ['sh', '-c', 'tail'], cwd: '/srv/logs' },
    { kind: 'image', image: 'shop/proxy', command: [], args: ['--port=1'] },
    { kind: 'image', image: 'shop/cron', command: ['cron', '-f'], args: [] },
  ]);
});

test('a container with nothing to run is refused by name', () => {
  expect(planOf({ containers: [{ name: 'app', ports: port }] })).toMatchObject({
    problem: { message: 'container app has neither a command nor an image to run here' },
  });
});

test('those whose port is asked for are told where to listen; others listen where they want', () => {
  const run = (...command: string[]) => ({ command });
  const plan = planOf({
    containers: [
      { name: 'app', ...run('a'), ports: port, env: [{ name: 'DB_PORT', value: '${port:pool}' }] },
      { name: 'pool', ...run('b') },
      { name: 'own', ...run('c', '-p', '$PORT') },
      { name: 'free', ...run('d') },
    ],
  });
  expect(plan.kind === 'plan' && [...plan.told].sort()).toEqual(['app', 'own', 'pool']);
});

test.each([
  ['nobody', /asks for \$\{port:nobody\}, but there is no container nobody/],
  ['pool', /only one of the two runs in Docker/],
])('a port of %s that could never be reached is refused', (name, message) => {
  const plan = planOf({
    containers: [
      { name: 'app', command: ['a', `\${port:${name}}`], ports: port },
      { name: 'pool', image: 'shop/pool' },
    ],
  });
  expect(plan.kind === 'impossible' ? plan.problem.message : '').toMatch(message);
});
