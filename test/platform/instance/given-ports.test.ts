import { expect, test } from 'vitest';
import { defaultStartupProbe } from '../../../src/contract/cloud-run/probe.ts';
import { givePorts, probePort } from '../../../src/platform/local/instance/ports/given-ports.ts';
import { planInstance } from '../../../src/platform/local/instance/instance-plan.ts';
import { serviceOf } from './specs.ts';

const { spec } = serviceOf({
  containers: [
    { name: 'app', command: ['a'], ports: [{ containerPort: 8080 }] },
    { name: 'pool', command: ['b'] },
    { name: 'log', command: ['c'] },
  ],
});
const [app, pool, log] = spec.containers;
const ports = {
  given: { app: 21000, pool: 21001, log: 21002 },
  told: new Set(['app', 'pool']),
  ingress: 'app',
};
const at = (port: number | null) => ({ ...defaultStartupProbe, port });

test.each([
  ['the port that takes requests', app, null, 21000],
  ['the declared port of the ingress container', app, 8080, 21000],
  ['a further port of the ingress container', app, 9090, 9090],
  ['a sidecar that is told where to listen', pool, 6432, 21001],
  ['a sidecar that listens where it wants', log, 5170, 5170],
  ['a sidecar without a port', log, null, 21000],
] as const)('%s is probed where it listens', (_, container, port, expected) => {
  expect(probePort(container!, at(port), ports)).toBe(expected);
});

test('every process gets a port of its own, a container of Docker keeps what it declares', async () => {
  const { service, spec: mixed } = serviceOf({
    containers: [
      { name: 'app', image: 'shop/app', ports: [{ containerPort: 8080 }] },
      { name: 'pool', image: 'shop/pool', startupProbe: { tcpSocket: { port: 5432 } } },
      { name: 'log', command: ['c'] },
    ],
  });
  const plan = planInstance(service, mixed);
  if (plan.kind === 'impossible') throw new Error(plan.problem.message);
  const given = await givePorts(plan.containers);
  expect(given).toMatchObject({ app: 8080, pool: 5432 });
  expect(given['log']).toBeGreaterThanOrEqual(20_000);
});
