import { expect, test } from 'vitest';
import { containerLimits } from '../../../src/contract/cloud-run/container-limits.ts';

test.each([
  [{ cpu: '1', memory: '512Mi' }, 1, 512 * 1024 * 1024],
  [{ cpu: '500m', memory: '1Gi' }, 0.5, 1024 ** 3],
  [{ cpu: '1.5', memory: '256M' }, 1.5, 256e6],
  [{ cpu: '2', memory: '128974848' }, 2, 128_974_848],
  [{ cpu: 'lots', memory: '-3Mi' }, null, null],
  [{}, null, null],
  [undefined, null, null],
])('%j', (limits, cpus, memoryBytes) => {
  expect(containerLimits(limits)).toEqual({ cpus, memoryBytes });
});
