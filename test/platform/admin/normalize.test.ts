import fc from 'fast-check';
import { expect, test } from 'vitest';
import { makeApiSchema } from '../../../src/platform/local/admin/api-schema.ts';
import { enumName, withEnumNumbers } from '../../../src/platform/local/admin/enums.ts';
import { fromWire, toWire } from '../../../src/platform/local/admin/grpc/wire-form.ts';
import { normalize, type Normalized } from '../../../src/platform/local/admin/normalize.ts';
import type { JsonObject } from '../../../src/platform/json.ts';

const schema = makeApiSchema();
const service = schema.message('google.cloud.run.v2.Service');
const read = (json: JsonObject): Normalized => normalize(schema, service, json);
const wrong = (json: JsonObject): readonly string[] =>
  read(json).violations.map(({ field, description }) => `${field} ${description}`);

test('enums come as names and as numbers and are kept as names', () => {
  const traffic = [
    { type: 2, revision: 'r' },
    { type: '1' },
    { type: 'TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST' },
  ];
  expect(read({ traffic, ingress: 1 }).json).toEqual({
    traffic: [
      { type: 'TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION', revision: 'r' },
      { type: 'TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST' },
      { type: 'TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST' },
    ],
    ingress: 'INGRESS_TRAFFIC_ALL',
  });
});

test('every enum value survives the way to its number and back', () => {
  const kind = service.field('ingress')?.kind;
  if (kind?.kind !== 'enum') throw new Error('ingress is an enum');
  for (const name of Object.keys(kind.type.numberOf)) {
    const number = withEnumNumbers(schema, service, { ingress: name })['ingress'];
    expect(number).toBe(kind.type.numberOf[name]);
    expect(enumName(kind.type, number)).toBe(name);
  }
  expect(enumName(kind.type, 99)).toBe(99);
  expect(enumName(kind.type, 'INGRESS')).toBeNull();
});

test('enums inside an Any are found by its type', () => {
  const operation = schema.message('google.longrunning.Operation');
  const response = {
    '@type': 'type.googleapis.com/google.cloud.run.v2.Service',
    ingress: 'INGRESS_TRAFFIC_NONE',
  };
  expect(withEnumNumbers(schema, operation, { response })).toEqual({ response: { ...response, ingress: 4 } });
});

test('values that mean unset are left out, unless unset is something else', () => {
  const json = read({
    description: '',
    labels: {},
    traffic: [],
    ingress: 0,
    iapEnabled: false,
    scaling: { minInstanceCount: 0, manualInstanceCount: 0 },
    template: { vpcAccess: null, containers: [{ env: [{ name: 'EMPTY', value: '' }] }] },
  }).json;
  expect(json).toEqual({
    scaling: { manualInstanceCount: 0 },
    template: { containers: [{ env: [{ name: 'EMPTY', value: '' }] }] },
  });
});

test('proto names and numbers as text are understood', () => {
  expect(read({ scaling: { min_instance_count: '3' } }).json).toEqual({ scaling: { minInstanceCount: 3 } });
});

test('what only the platform writes is dropped', () => {
  expect(read({ uid: 'x', generation: 7, trafficStatuses: [{ percent: 3 }], description: 'd' }).json).toEqual(
    {
      description: 'd',
    },
  );
});

test('a wrong type is named with its path', () => {
  expect(
    wrong({
      scaling: { minInstanceCount: 'many' },
      traffic: { percent: 1 },
      template: { timeout: '5m', containers: [{ env: ['A=1'] }], sessionAffinity: 'yes' },
      ingress: 'ALL',
    }),
  ).toEqual([
    'scaling.minInstanceCount must be a whole number, got "many"',
    'traffic must be a list',
    'template.timeout must be a duration in seconds such as "300s", got "5m"',
    'template.containers[0].env[0] must be an object',
    'template.sessionAffinity must be true or false, got "yes"',
    expect.stringMatching(/^ingress must be one of INGRESS_TRAFFIC_UNSPECIFIED, .*, got "ALL"$/),
  ]);
});

test('unknown fields stay to the letter, at every depth, and normalizing again changes nothing', () => {
  fc.assert(
    fc.property(
      fc.jsonValue().filter((value) => value !== null),
      (value) => {
        const json = {
          futureField: value,
          template: {
            scaling: { concurrencyUtilization: value },
            containers: [{ name: 'a', futureField: value }],
          },
        };
        expect(read(json).json).toEqual(json);
        expect(read(read(json).json)).toEqual({ json, violations: [] });
      },
    ),
  );
});

test('times and durations survive the way over gRPC', () => {
  const revision = schema.message('google.cloud.run.v2.Revision');
  const json = { createTime: '2026-11-21T05:00:00.250Z', timeout: '3.5s', name: 'r' };
  expect(toWire(schema, revision, json)).toMatchObject({ timeout: { seconds: '3', nanos: 500_000_000 } });
  expect(fromWire(schema, revision, toWire(schema, revision, json))).toEqual(json);
});
