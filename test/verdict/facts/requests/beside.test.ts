import { describe, expect, test } from 'vitest';
import type { Attempt } from '../../../../src/evidence/attempt.ts';
import { judge } from '../../../../src/verdict/judge.ts';
import { attempt } from '../../../evidence/given.ts';
import { makeEvidence } from '../../support/evidence-builder.ts';

/** A request of a calibration two seconds before the load. */
function calibrated(more: Partial<Attempt> = {}): Attempt {
  const intendedUs = 1_000_000;
  const given = { intendedUs, sentUs: intendedUs + 100, endedUs: intendedUs + 20_000, ...more };
  return attempt({ arrival: 1_000_000_000, phase: 'calibration 1', ...given });
}

function judged(beside: readonly Attempt[], changes: Parameters<typeof makeEvidence>[0] = {}) {
  return judge({ ...makeEvidence(changes), beside });
}

describe('what was asked before the phases', () => {
  test('is none of them: refusals that a calibration provokes are not held against the service', () => {
    const refused = Array.from({ length: 500 }, () =>
      calibrated({ outcome: 'shed', status: 429, endedUs: 9_000_000 }),
    );
    const without = judged([]);
    const summary = judged(refused);
    expect(summary.verdict).toBe('PASS');
    // What stands before anybody asks is over sooner; all else is as it was.
    const judgedIn = ({ bounds }: typeof summary) => bounds.filter(({ id }) => id !== 'B25');
    expect(judgedIn(summary)).toEqual(judgedIn(without));
    expect(summary.outcomes).toEqual(without.outcomes);
  });

  test('holds against it a connection that Postgres refused: that is never in order', () => {
    const summary = judged([calibrated({ outcome: 'db_error', status: 503, sqlstate: '53300' })]);
    expect(summary.bounds.find(({ id }) => id === 'B05')?.status).toBe('FAIL');
  });

  test('has to be sent on time too', () => {
    const late = Array.from({ length: 500 }, () => calibrated({ sentUs: 1_900_000, endedUs: 1_950_000 }));
    expect(judged(late).validity.find(({ id }) => id === 'V01')?.ok).toBe(false);
    expect(judged([calibrated()]).validity.find(({ id }) => id === 'V01')?.ok).toBe(true);
  });
});
