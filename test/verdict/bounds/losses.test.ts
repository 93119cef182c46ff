import { describe, expect, it } from 'vitest';
import type { Loss } from '../../../src/evidence/evidence.ts';
import { readEvidence } from '../../../src/evidence/read-evidence.ts';
import { claimSteady } from '../../../src/verdict/bounds/b01-claim-steady.ts';
import { noRefusals } from '../../../src/verdict/bounds/b05-no-53300.ts';
import { failuresFast } from '../../../src/verdict/bounds/b11-failures-fast.ts';
import { judge } from '../../../src/verdict/judge.ts';
import type { BoundResult } from '../../../src/verdict/bounds/shared/bound.ts';
import { applyLosses } from '../../../src/verdict/bounds/losses.ts';
import { result } from '../../../src/verdict/bounds/shared/result.ts';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { unpackRun } from '../../support/stored-run.ts';

const lost = (of: Loss['of'], fromUs = 5e6): Loss => ({ of, fromUs, toUs: fromUs + 3e6 });
const pass = result({ status: 'PASS', unit: 'count', reason: 'clean' });
const fail = (fromUs: number): BoundResult =>
  result({
    status: 'FAIL',
    unit: 'count',
    reason: 'broken',
    witness: { fromUs, toUs: fromUs + 1e6, what: 'it was' },
  });

describe('where part of the recording is missing', () => {
  it('a PASS is not known any more, but for bounds that never looked there', () => {
    expect(applyLosses(claimSteady, pass, [lost('backends')])).toMatchObject({
      status: 'INCONCLUSIVE',
      reason: 'part of the recording is damaged or missing (backends); otherwise: clean',
    });
    expect(applyLosses(failuresFast, pass, [lost('backends')])).toBe(pass);
    expect(applyLosses(failuresFast, pass, [lost('events')]).status).toBe('INCONCLUSIVE');
  });

  it('a FAIL stands where it was seen, and where it came before', () => {
    expect(applyLosses(noRefusals, fail(9e6), [lost('events'), lost('attempts')]).status).toBe('FAIL');
    expect(applyLosses(claimSteady, fail(9e6), [lost('events')]).status).toBe('INCONCLUSIVE');
    expect(applyLosses(claimSteady, fail(2e6), [lost('events')]).status).toBe('FAIL');
    expect(applyLosses({}, fail(9e6), [lost('backends')])).toMatchObject({
      status: 'INCONCLUSIVE',
      witness: null,
    });
  });

  it('nothing changes where nothing is missing', () => {
    expect(applyLosses(claimSteady, pass, [])).toBe(pass);
  });

  it('no attempts that are missing make a storm of retries', async () => {
    const folder = unpackRun('credential-rotation');
    rmSync(join(folder, 'attempts/part-00007.parquet'));
    const { verdict, bounds } = judge(await readEvidence(folder));
    expect(verdict).toBe('INCONCLUSIVE');
    expect(bounds.find(({ id }) => id === 'B21')?.status).toBe('INCONCLUSIVE');
  });

  it('no answer is yes without the last samples', async () => {
    const folder = unpackRun('credential-rotation');
    rmSync(join(folder, 'backends/part-00017.parquet'));
    const { verdict, answers } = judge(await readEvidence(folder));
    expect(verdict).toBe('INCONCLUSIVE');
    expect(answers.bounded).toBe('inconclusive');
  });
});
