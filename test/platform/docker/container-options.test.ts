import { expect, test } from 'vitest';
import { containerOptions, holderOptions } from '../../../src/platform/local/docker/container-options.ts';
import type { ImageOrders } from '../../../src/platform/local/docker/docker-instance.ts';
import type { SharedNetwork } from '../../../src/platform/local/docker/shared-network.ts';

const network = {
  name: 'poolproof-7-abc',
  label: { name: 'poolproof.emulator', value: '7-abc' },
  gateway: '172.18.0.1',
  isLocal: true,
  pauseImage: 'pause',
  docker: { architecture: 'x86_64', cpus: 2 },
} as SharedNetwork;

const orders: ImageOrders = {
  name: 'app',
  image: 'shop:7',
  command: [],
  cwd: null,
  env: {},
  mounts: [],
  limits: { cpus: null, memoryBytes: null },
  onLine: () => undefined,
};

const optionsOf = (more: Partial<ImageOrders>) =>
  containerOptions(network, 'one', 'holder', { ...orders, ...more });

test('a command takes the place of the entrypoint too, arguments leave it, and neither changes nothing', () => {
  expect(optionsOf({ command: ['run', '-x'] })).toMatchObject({ Entrypoint: ['run', '-x'], Cmd: [] });
  const withArgs = optionsOf({ args: ['--port=1'] });
  expect(withArgs).toMatchObject({ Cmd: ['--port=1'] });
  for (const options of [withArgs, optionsOf({})]) expect(options).not.toHaveProperty('Entrypoint');
  expect(optionsOf({})).not.toHaveProperty('Cmd');
});

test('more CPUs than the machine has are all that it has, and memory is given without swap', () => {
  const limited = optionsOf({ limits: { cpus: 8, memoryBytes: 1024 } });
  expect(limited.HostConfig).toMatchObject({ NanoCpus: 2e9, Memory: 1024, MemorySwap: 1024 });
  expect(optionsOf({ limits: { cpus: 0.5, memoryBytes: null } }).HostConfig?.NanoCpus).toBe(5e8);
});

test('everything carries the label of its emulator', () => {
  const holder = holderOptions(network, { name: 'one', containers: [], ports: [] });
  for (const { Labels: labels } of [holder, optionsOf({})])
    expect(labels).toEqual({ 'poolproof.emulator': '7-abc' });
});

test('ports are published only where the network is out of reach, and on loopback alone', () => {
  const instance = { name: 'one', containers: ['side'], ports: [8080, 9090] };
  expect(holderOptions(network, instance).HostConfig?.PortBindings).toEqual({});
  const { HostConfig: far } = holderOptions({ ...network, isLocal: false }, instance);
  const bound = [{ HostIp: '127.0.0.1', HostPort: '' }];
  expect(far?.PortBindings).toEqual({ '8080/tcp': bound, '9090/tcp': bound });
  expect(far?.ExtraHosts).toEqual(['side:127.0.0.1', 'host.docker.internal:host-gateway']);
});

test('names that Docker does not allow are written with dashes', () => {
  expect(containerOptions(network, 'api 1/x', 'holder', orders).name).toBe('poolproof-7-abc-api-1-x-app');
});
