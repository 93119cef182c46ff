import { describe, expect, it } from 'vitest';
import { samplesOf } from '../../src/evidence/sessions/samples.ts';
import { backend, evidence, sample } from './given.ts';

describe('samples', () => {
  it('hold the rows of their own moment and only those of the sampler', () => {
    const rows = [
      backend({ tUs: 50, state: 'idle', count: 2 }),
      backend({ tUs: 50, state: 'active', count: 1 }),
      backend({ tUs: 50, source: 'link', count: 9 }),
      backend({ tUs: 100 }),
    ];
    const samples = samplesOf(evidence({ backends: rows, events: [sample(50, 3, 1), sample(75, 0, 1)] }));
    expect(samples.map((one) => one.rows)).toEqual([[rows[0], rows[1]], []]);
    expect(samples[0]).toMatchObject({ tUs: 50, ok: true, rttUs: 300, backends: 3, sessions: 1 });
  });
});
