import { expect, test } from 'vitest';
import { parseYaml } from '../../../src/base/yaml.ts';
import { importResource, secretsOf } from '../../../src/contract/cloud-run/import-resource.ts';
import type { ServiceResource } from '../../../src/contract/cloud-run/service-resource.ts';

const text = `target:
  resource:
    scaling: { maxInstanceCount: 8 }
    template: { timeout: 30s, maxInstanceRequestConcurrency: 16 }`;
const path = ['target', 'resource'];

function settingsOf(resource: ServiceResource) {
  const { settings } = importResource(resource, parseYaml(text, 'scenario.yaml'), path);
  return Object.fromEntries(
    [...settings].map(([key, { value, place }]) => [key, `${value} at line ${place.line}`]),
  );
}

test('a service in the Admin API’s form declares its fleet, its concurrency and its timeout', () => {
  expect(
    settingsOf({
      scaling: { maxInstanceCount: 8 },
      template: { timeout: '30s', maxInstanceRequestConcurrency: 16 },
    }),
  ).toEqual({
    max_instances: '8 at line 3',
    request_timeout_seconds: '30 at line 4',
    container_concurrency: '16 at line 4',
  });
});

test('nothing declared is nothing assumed, and 0 declares nothing', () => {
  expect(settingsOf({ template: {} })).toEqual({});
  expect(
    settingsOf({
      scaling: { maxInstanceCount: 0 },
      template: { maxInstanceRequestConcurrency: 0, scaling: { maxInstanceCount: 0 } },
    }),
  ).toEqual({});
});

test('the smaller of both caps counts, and a fixed count before both', () => {
  const capsOf = (service: number, revision: number, more: object = {}) =>
    settingsOf({
      scaling: { maxInstanceCount: service, ...more },
      template: { scaling: { maxInstanceCount: revision } },
    })['max_instances'];
  expect([capsOf(8, 5), capsOf(4, 5)]).toEqual(['5 at line 3', '4 at line 3']);
  expect(capsOf(8, 5, { scalingMode: 'MANUAL', manualInstanceCount: 20 })).toBe('20 at line 3');
  expect(capsOf(8, 5, { scalingMode: 'AUTOMATIC', manualInstanceCount: 20 })).toBe('5 at line 3');
});

test('its secrets are wanted once each, from variables and volumes', () => {
  const keyed = (secret: string) => ({ name: 'A', valueSource: { secretKeyRef: { secret } } });
  const resource: ServiceResource = {
    template: {
      containers: [
        { env: [keyed('key'), { name: 'B', value: 'x' }] },
        { env: [keyed('key'), keyed('other')] },
        {},
      ],
      volumes: [
        { name: 'v', secret: { secret: 'cert' } },
        { name: 'w', emptyDir: {} },
      ],
    },
  };
  expect(secretsOf(resource)).toEqual(['key', 'other', 'cert']);
  const imported = importResource(resource, parseYaml(text, 'scenario.yaml'), path);
  expect(imported.secrets.map(({ value, place }) => [value, place.line])).toEqual([
    ['key', 3],
    ['other', 3],
    ['cert', 3],
  ]);
  expect(secretsOf({ template: {} })).toEqual([]);
});

test('its environment speaks for no contract', () => {
  const template = { containers: [{ env: [{ name: 'DB_POOL_MAX', value: '3' }] }] };
  expect(importResource({ template }, parseYaml(text, 'scenario.yaml'), path).env.size).toBe(0);
});
