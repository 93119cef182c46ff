import fc from 'fast-check';
import { expect, test } from 'vitest';
import { makeApiSchema } from '../../../src/platform/local/admin/api-schema.ts';
import { applyPaths, readMask } from '../../../src/platform/local/admin/field-mask.ts';
import type { JsonObject } from '../../../src/platform/json.ts';

const type = makeApiSchema().message('google.cloud.run.v2.Service');

const change = (current: JsonObject, patch: JsonObject, mask: string | null): JsonObject => {
  const { paths, violations } = readMask(mask, type, current, patch);
  expect(violations).toEqual([]);
  return applyPaths(current, patch, paths);
};

const problems = (mask: string): readonly string[] =>
  readMask(mask, type, { template: {} }, {}).violations.map(({ description }) => description);

const current = {
  labels: { a: '1', b: '2' },
  template: { timeout: '300s', scaling: { maxInstanceCount: 8, concurrencyUtilization: 0.7 } },
  newerField: { x: 1 },
};

test('only the named field changes, however deep it is', () => {
  const patch = { template: { timeout: '5s', scaling: { maxInstanceCount: 2 } } };
  expect(change(current, patch, 'template.scaling.max_instance_count')).toEqual({
    ...current,
    template: { timeout: '300s', scaling: { maxInstanceCount: 2, concurrencyUtilization: 0.7 } },
  });
});

test('a named message is replaced as a whole', () => {
  expect(change(current, { template: { timeout: '5s' } }, 'template')).toEqual({
    ...current,
    template: { timeout: '5s' },
  });
});

test('a named field that the change does not have is unset', () => {
  expect(change(current, {}, 'template.timeout,labels.a')).toEqual({
    ...current,
    labels: { b: '2' },
    template: { scaling: current.template.scaling },
  });
  expect(change(current, {}, 'scaling.minInstanceCount')).toEqual(current);
});

test('without a mask, what the change sets is replaced and all else stays', () => {
  expect(change(current, { labels: { c: '3' } }, null)).toEqual({ ...current, labels: { c: '3' } });
});

test('the star replaces everything, what is unknown included', () => {
  expect(change(current, { template: { timeout: '5s' } }, '*')).toEqual({ template: { timeout: '5s' } });
});

test('a mask may name a field that only newer versions of the API have, when someone has it', () => {
  const patch = { template: { scaling: { concurrencyUtilization: 0.5 } } };
  expect(change(current, patch, 'template.scaling.concurrencyUtilization')).toMatchObject({
    template: { scaling: { maxInstanceCount: 8, concurrencyUtilization: 0.5 } },
  });
});

test('what only the platform writes is left alone', () => {
  expect(change(current, { uid: 'mine', name: 'x' }, 'uid,name,etag,generation')).toEqual(current);
  expect(change(current, { uid: 'mine', reconciling: true }, null)).toEqual(current);
});

test('a path that leads nowhere is named', () => {
  expect(problems('trafic')).toEqual(['no such field: "trafic"']);
  expect(problems('template.timeuot,template.scaling.max')).toHaveLength(2);
  expect(problems('traffic.percent')).toEqual([
    '"traffic.percent": "traffic" has no fields that a mask could name',
  ]);
  expect(problems('template.timeout.seconds')).toHaveLength(1);
  expect(problems('')).toEqual([]);
});

const names = [
  'description',
  'labels',
  'template',
  'traffic',
  'scaling',
  'ingress',
  'unknownOne',
  'unknownTwo',
];
const resource = fc.dictionary(
  fc.constantFrom(...names),
  fc.jsonValue().filter((value) => value !== null),
);

test('for any change and mask, named fields are as in the change and all others as before', () => {
  fc.assert(
    fc.property(resource, resource, fc.subarray(names.slice(0, 6)), (before, patch, mask) => {
      fc.pre(mask.length > 0);
      const after = change(before, patch, mask.join(','));
      for (const name of names) expect(after[name]).toEqual((mask.includes(name) ? patch : before)[name]);
    }),
  );
});

test('one nested path changes nothing beside it', () => {
  fc.assert(
    fc.property(resource, fc.integer(), (before, max) => {
      const base = { ...before, template: { timeout: '1s', scaling: { other: 1, maxInstanceCount: 3 } } };
      const after = change(
        base,
        { template: { scaling: { maxInstanceCount: max } } },
        'template.scaling.maxInstanceCount',
      );
      expect(after).toEqual({
        ...base,
        template: { timeout: '1s', scaling: { other: 1, maxInstanceCount: max } },
      });
    }),
  );
});
