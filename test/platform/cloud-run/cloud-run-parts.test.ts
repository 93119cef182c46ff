import fc from 'fast-check';
import { expect, test } from 'vitest';
import { nextTemplate } from '../../../src/platform/cloud-run/next-template.ts';
import { callFailed, refusalOf } from '../../../src/platform/cloud-run/refusal.ts';
import { allToLatest } from '../../../src/platform/cloud-run/traffic-lines.ts';

const template = {
  revision: 'api-blue',
  scaling: { maxInstanceCount: 8, concurrencyUtilization: 0.7 },
  containers: [
    { name: 'bouncer', env: [{ name: 'A', value: 'sidecar' }] },
    {
      name: 'app',
      ports: [{ containerPort: 8080 }],
      env: [
        { name: 'A', value: '1' },
        { name: 'B', valueSource: { secretKeyRef: { secret: 's' } } },
      ],
      futureField: [1],
    },
  ],
};

test('variables are set in the container that takes requests, and nothing else changes', () => {
  const next = nextTemplate(template, { env: { B: '2', C: '3' }, maxInstances: 4 }, '7');
  expect(next).toEqual({
    scaling: { maxInstanceCount: 4, concurrencyUtilization: 0.7 },
    containers: [
      template.containers[0],
      {
        ...template.containers[1],
        env: [
          { name: 'A', value: '1' },
          { name: 'B', value: '2' },
          { name: 'C', value: '3' },
        ],
      },
    ],
  });
});

test('a change that changes nothing still makes a new revision', () => {
  const next = nextTemplate(template, { env: {} }, '7');
  expect(next).toMatchObject({ annotations: { 'poolproof.dev/rollout': '7' } });
  expect(nextTemplate(next, {}, '8')).toMatchObject({ annotations: { 'poolproof.dev/rollout': '8' } });
});

test('the name of the last revision is never kept, a wished one is set', () => {
  expect(nextTemplate(template, { concurrency: 4 }, '7')).not.toHaveProperty('revision');
  expect(nextTemplate(template, { revision: 'api-green' }, '7')).toMatchObject({ revision: 'api-green' });
});

test('unknown fields of a template survive any change', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.dictionary(fc.string(), fc.string()), (value, env) => {
      const next = nextTemplate({ ...template, futureField: value }, { env, maxInstances: 2 }, '1');
      expect(next['futureField']).toEqual(value);
      expect(next['scaling']).toMatchObject({ concurrencyUtilization: 0.7 });
    }),
  );
});

test('all traffic goes to the latest, and tags stay where they are', () => {
  expect(
    allToLatest([
      { type: 'TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION', revision: 'a', percent: 60, tag: 'old' },
      { type: 'TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION', revision: 'b', percent: 40 },
    ]),
  ).toEqual([
    { type: 'TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST', percent: 100 },
    { type: 'TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION', revision: 'a', percent: 0, tag: 'old' },
  ]);
});

test('a refusal is read from wherever the client put it', () => {
  const body = { error: { code: 409, status: 'ABORTED', message: 'stale' } };
  const inMessage = new Error(JSON.stringify(body));
  const inResponse = Object.assign(new Error('Request failed'), { response: { data: body } });
  for (const error of [inMessage, inResponse])
    expect(refusalOf(error)).toEqual({ status: 'ABORTED', message: 'stale' });
  expect(refusalOf(new Error('socket hang up'))).toEqual({ status: '', message: 'socket hang up' });
  expect(callFailed('reading api', inMessage).problems).toEqual([{ message: 'reading api: ABORTED: stale' }]);
});
