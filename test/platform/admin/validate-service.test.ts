import { expect, test } from 'vitest';
import { ApiError } from '../../../src/platform/local/admin/api-error.ts';
import { validateService } from '../../../src/platform/local/admin/validate-service.ts';
import type { JsonObject } from '../../../src/platform/json.ts';
import { baseResource, MemoryBackend } from './memory-backend.ts';

const state = new MemoryBackend({ api: baseResource }).service('api')!;

function fieldsWrong(change: JsonObject): readonly string[] {
  try {
    validateService({ ...baseResource, ...change }, new Set(Object.keys(change)), state);
    return [];
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    expect(error.status).toBe('INVALID_ARGUMENT');
    return error.violations.map(({ field, description }) => `${field}: ${description}`);
  }
}

const inTemplate = (more: JsonObject): readonly string[] =>
  fieldsWrong({ template: { ...baseResource.template, ...more } });

test('a sound change passes', () => {
  expect(
    fieldsWrong({
      traffic: [
        { revision: 'api-00001-abc', percent: 30 },
        { percent: 70, tag: 'new' },
      ],
    }),
  ).toEqual([]);
  expect(inTemplate({ revision: 'api-blue', timeout: '3600s', maxInstanceRequestConcurrency: 1000 })).toEqual(
    [],
  );
});

test('traffic must sum to 100, over revisions that exist, with tags once', () => {
  expect(fieldsWrong({ traffic: [{ percent: 60 }, { revision: 'api-9', percent: 50 }] })).toEqual([
    'traffic[1].revision: no such revision: "api-9"; there are api-00001-abc',
    'traffic: percentages must sum to 100, got 110',
  ]);
  expect(fieldsWrong({ traffic: [{ percent: 120 }, { percent: -20 }] })).toEqual([
    'traffic[0].percent: must be between 0 and 100, got 120',
    'traffic[1].percent: must be between 0 and 100, got -20',
  ]);
  expect(fieldsWrong({ traffic: [{ percent: 100, tag: 'a' }, { tag: 'a' }, { tag: 'B' }] })).toHaveLength(2);
  expect(
    fieldsWrong({ traffic: [{ type: 'TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION', percent: 100 }] }),
  ).toEqual(['traffic[0].revision: is required for TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION']);
});

test('a revision has the name of its service in front', () => {
  for (const revision of ['blue', 'api-', 'api-Blue', `api-${'x'.repeat(60)}`, 'api_1'])
    expect(inTemplate({ revision })).toEqual([
      expect.stringMatching(/^template\.revision: must start with "api-"/),
    ]);
});

test('counts are not negative, and the minimum is not above the maximum', () => {
  expect(fieldsWrong({ scaling: { minInstanceCount: -1, maxInstanceCount: -2 } })).toHaveLength(2);
  expect(fieldsWrong({ scaling: { minInstanceCount: 3, maxInstanceCount: 2 } })).toEqual([
    'scaling.minInstanceCount: must not be above maxInstanceCount (3 > 2)',
  ]);
  expect(fieldsWrong({ scaling: { minInstanceCount: 3 } })).toEqual([]);
  expect(fieldsWrong({ scaling: { scalingMode: 'MANUAL' } })).toEqual([
    'scaling.manualInstanceCount: is required in scaling mode MANUAL',
  ]);
});

test('limits of Cloud Run hold for a template', () => {
  expect(inTemplate({ timeout: '3601s', maxInstanceRequestConcurrency: 1001 })).toHaveLength(2);
  expect(inTemplate({ containers: [] })).toEqual(['template.containers: must have at least one container']);
  expect(inTemplate({ containers: [{ name: 'a' }, { name: 'a', dependsOn: ['b'] }] })).toHaveLength(3);
  expect(inTemplate({ containers: [{ env: [{ name: 'A' }, { name: 'A' }] }] })).toEqual([
    'template.containers[0].env: the variable "A" is set twice',
  ]);
});

test('names that the platform sets itself are refused, PORT only where requests go', () => {
  const env = ['PORT', 'K_SERVICE', 'HOME'].map((name) => ({ name, value: '1' }));
  const refused = (index: number, names: string): string =>
    `template.containers[${index}].env: The following reserved env names were provided: ${names}. These values are automatically set by the system.`;
  expect(inTemplate({ containers: [{ env }] })).toEqual([refused(0, 'PORT, K_SERVICE')]);
  const ingress = { name: 'app', ports: [{ containerPort: 8080 }], env };
  expect(inTemplate({ containers: [ingress, { name: 'sidecar', env }] })).toEqual([
    refused(0, 'PORT, K_SERVICE'),
    refused(1, 'K_SERVICE'),
  ]);
});

test('what the emulator does not run is refused, not ignored', () => {
  expect(inTemplate({ sessionAffinity: true })).toEqual([
    'template.sessionAffinity: is not run by this emulator',
  ]);
  expect(inTemplate({ containers: [{ ports: [{ name: 'h2c', containerPort: 8080 }] }] })).toEqual([
    expect.stringMatching(/^template\.containers\[0\]\.ports: h2c/),
  ]);
});

test('annotations that have typed fields in v2 are refused, unless they were there before', () => {
  const annotations = { 'autoscaling.knative.dev/maxScale': '3' };
  expect(inTemplate({ annotations })).toHaveLength(1);
  const before = { ...state, resource: { template: { ...baseResource.template, annotations } } };
  const wanted = { template: { ...baseResource.template, annotations, timeout: '9s' } };
  expect(() => validateService(wanted, new Set(['template']), before)).not.toThrow();
});

test('what the change did not touch is not its fault', () => {
  const wanted = { ...baseResource, traffic: [{ percent: 3 }] };
  expect(() => validateService(wanted, new Set(['scaling']), state)).not.toThrow();
});

test('a service without a template is refused by name', () => {
  expect(fieldsWrong({ template: undefined })).toEqual(['template: is required']);
});
