import { expect, test } from 'vitest';
import { judge } from '../../../src/verdict/judge.ts';
import { makeEvidence } from '../support/evidence-builder.ts';

const evidence = makeEvidence();
const summary = judge(evidence);

test('every bound says whether its numbers really happened or the emulator had a hand in them', () => {
  const observed = summary.bounds.filter(({ provenance }) => provenance === 'observed').map(({ id }) => id);
  expect(observed).toEqual([
    'B01',
    'B02',
    'B03',
    'B04',
    'B05',
    'B07',
    'B08',
    'B13',
    'B14',
    'B15',
    'B16',
    'B17',
    'B21',
    'B23',
    'B24',
    'B25',
    'B26',
  ]);
  expect(summary.provenance.sections).toMatchObject({
    backends: 'observed',
    instances: 'emulated',
    latency: 'emulated',
  });
});

test('the profile and what it was held against are told, and what carries over', () => {
  expect(summary.provenance).toMatchObject({ platform: 'emulated', profile: 'cloudrun' });
  expect(summary.provenance.calibration).toContain('nothing calibrated');
  const knative = judge({
    ...evidence,
    run: { ...evidence.run, platform: { kind: 'local', profile: 'knative', service: 'api' } },
  });
  expect(knative.provenance.profile).toBe('knative');
  expect(knative.caveats[0]).toContain('Knative');
  expect(summary.caveats[1]).toMatch(/^what carries over .*What does not: absolute latency/);
});

test('Knative keeps a request until its own timeout, where Cloud Run gives up sooner', () => {
  const late = makeEvidence({
    endAt: (ms, arrival) =>
      ms >= 15_000 && ms < 25_000 && arrival % 3 === 0
        ? { outcome: 'platform', tookMs: 15_000 }
        : { outcome: 'ok', tookMs: 20 },
  });
  const [first] = late.run.contract.services;
  const contract = {
    ...late.run.contract,
    services: [{ ...first, requestTimeoutMs: 20_000 }] as [typeof first],
  };
  const failuresFast = (profile: 'cloudrun' | 'knative'): unknown =>
    judge({
      ...late,
      run: { ...late.run, contract, platform: { kind: 'local', profile, service: 'api' } },
    }).bounds.find(({ id }) => id === 'B11')?.status;
  expect(failuresFast('cloudrun')).toBe('FAIL');
  expect(failuresFast('knative')).toBe('PASS');
});
