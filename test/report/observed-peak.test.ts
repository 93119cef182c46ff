import { describe, expect, it } from 'vitest';
import { observedPeak } from '../../src/report/html/sections/observed-peak.ts';
import { safeRun } from './support/runs.ts';

const { summary } = safeRun();
const row = { service: 'api', claim: 20 };

/** The summary with other numbers of sessions. */
function having(backends: Partial<typeof summary.backends>): typeof summary {
  return { ...summary, backends: { ...summary.backends, ...backends } };
}

describe('the observed peak', () => {
  it('is split by revision where the revisions’ peaks add up to the whole', () => {
    const services = [
      { ...row, revision: null, peak_exact: 20 },
      { ...row, revision: 'api-00001', peak_exact: 12 },
      { ...row, revision: 'api-00002', peak_exact: 8 },
    ];
    expect(observedPeak(having({ peak_exact: 20, services })).parts).toEqual([
      { label: 'held by api api-00001', sessions: 12 },
      { label: 'held by api api-00002', sessions: 8 },
    ]);
  });

  it('is one part where they don’t: peaks that never met would add up to more than there was', () => {
    const services = [
      { ...row, revision: 'api-00001', peak_exact: 20 },
      { ...row, revision: 'api-00002', peak_exact: 15 },
    ];
    expect(observedPeak(having({ peak_exact: 22, services })).parts).toEqual([
      { label: 'held at the peak', sessions: 22 },
    ]);
  });

  it('is a span from what was seen to what was possible where nothing counted exactly', () => {
    const sampled = having({ peak_exact: null, peak_sampled: 18, peak_upper: 21, services: [] });
    expect(observedPeak(sampled)).toEqual({
      low: 18,
      high: 21,
      parts: [{ label: 'seen at the peak', sessions: 18 }],
    });
  });
});
