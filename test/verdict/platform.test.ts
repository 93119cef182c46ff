import { expect, test } from 'vitest';
import type { Evidence } from '../../src/evidence/evidence.ts';
import { judge } from '../../src/verdict/judge.ts';
import { makeEvidence } from './support/evidence-builder.ts';

/** The same run as an address would have shown it: nobody tells of instances, revisions and links. */
function atAnAddress(evidence: Evidence): Evidence {
  return {
    ...evidence,
    events: evidence.events.filter(
      ({ kind }) => !['instance', 'revision', 'link', 'platform'].includes(kind),
    ),
    run: { ...evidence.run, platform: { kind: 'url', service: evidence.run.platform.service } },
  };
}

const summary = judge(atAnAddress(makeEvidence()));

test('what hangs on instances or revisions does not apply at an address, and never stands in the way', () => {
  const untold = summary.bounds.filter(({ reason }) => reason.endsWith('are not known at an address'));
  expect(untold.map(({ id, status }) => [id, status])).toEqual(
    ['B02', 'B06', 'B08', 'B23', 'B25'].map((id) => [id, 'NOT_APPLICABLE']),
  );
});

test('how many instances there were is unknown, which is not zero', () => {
  expect(summary.instances).toMatchObject({ peak: null, started: null, failed: null });
  expect(summary.exercise.peak_instances).toBeNull();
  expect(summary.exercise.statement).not.toContain('instances');
});

test('nothing is emulated at an address: every number was observed', () => {
  const { provenance, bounds, validity } = summary;
  expect(provenance).toMatchObject({ platform: 'observed', profile: null });
  expect(new Set([...Object.values(provenance.sections), ...bounds.map((one) => one.provenance)])).toEqual(
    new Set(['observed']),
  );
  expect(validity.every((guard) => guard.provenance === 'observed')).toBe(true);
  expect(summary.caveats[0]).toContain('an address');
});
