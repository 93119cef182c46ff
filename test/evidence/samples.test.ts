import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { samplesOf, upperBounds, type Sample } from '../../src/evidence/samples.ts';
import { countAt, peakOf, stepsOf } from '../../src/evidence/steps.ts';
import { backend, evidence, sample } from './given.ts';

/** What a server would show: sessions of any length, looked at in random moments, some looks lost. */
const history = fc.record({
  sessions: fc.array(
    fc.record({ fromUs: fc.integer({ min: 0, max: 1000 }), lengthUs: fc.integer({ min: 1, max: 300 }) }),
    { minLength: 1, maxLength: 60 },
  ),
  looks: fc.array(
    fc.record({
      everyUs: fc.integer({ min: 1, max: 120 }),
      ok: fc.boolean(),
      lateUs: fc.integer({ min: 0, max: 20 }),
    }),
    { minLength: 3, maxLength: 40 },
  ),
});

type History = typeof history extends fc.Arbitrary<infer H> ? H : never;

/** `tearUs`: how long before its rows a sample's counter is read. */
function looked(given: History, tearUs: (lateUs: number) => number) {
  const truth = stepsOf(
    given.sessions.flatMap(({ fromUs, lengthUs }) => [
      { tUs: fromUs, delta: 1 },
      { tUs: fromUs + lengthUs, delta: -1 },
    ]),
  );
  const logins = stepsOf(given.sessions.map(({ fromUs }) => ({ tUs: fromUs, delta: 1 })));
  let tUs = 0;
  const samples = given.looks.map(({ everyUs, ok, lateUs }): Sample => {
    const counterUs = tUs + everyUs;
    tUs = counterUs + tearUs(lateUs);
    const sessions = ok ? countAt(logins, counterUs) : null;
    return {
      tUs,
      ok,
      rttUs: tUs - counterUs,
      sessions,
      backends: ok ? countAt(truth, tUs) : null,
      starting: 0,
      rows: [],
    };
  });
  return { truth, samples };
}

describe('upper bounds', () => {
  it('are never below the true count, however short the sessions and whichever samples are lost', () => {
    fc.assert(
      fc.property(history, (given) => {
        const { truth, samples } = looked(given, () => 0);
        for (const { fromUs, toUs, high } of upperBounds(samples))
          expect(high).toBeGreaterThanOrEqual(peakOf(truth, fromUs, toUs)!.count);
      }),
      { numRuns: 500 },
    );
  });

  it('hold also when the rows are read some time after the counter', () => {
    fc.assert(
      fc.property(history, (given) => {
        const { truth, samples } = looked(given, (lateUs) => lateUs);
        for (const { fromUs, toUs, high } of upperBounds(samples))
          expect(high).toBeGreaterThanOrEqual(peakOf(truth, fromUs, toUs)?.count ?? 0);
      }),
      { numRuns: 500 },
    );
  });

  it('follow the formula n(i) - s(i) + max(s(k), s(j) + starting(j))', () => {
    const events = [
      sample(0, 4, 100),
      sample(50, 6, 103, { starting: 9 }),
      sample(100, 5, 110),
      sample(150, 5, 110),
    ];
    expect(upperBounds(samplesOf(evidence({ events })))).toEqual([
      { fromUs: 0, toUs: 50, high: 4 - 100 + (103 + 9) },
      { fromUs: 50, toUs: 100, high: 6 - 103 + 110 },
    ]);
  });

  it('say nothing across a counter that went backwards, and go on once it is behind', () => {
    const events = [0, 50, 100, 150, 200].map((tUs) => sample(tUs, 4, tUs < 100 ? 100 : 0));
    expect(upperBounds(samplesOf(evidence({ events })))).toEqual([{ fromUs: 100, toUs: 150, high: 4 }]);
  });

  it('reach over a failed sample, so that losing one can only raise them', () => {
    const lost = sample(50, 0, 0, { ok: false, backends: null, sessions: null });
    const samples = samplesOf(
      evidence({ events: [sample(25, 1, 10), lost, sample(75, 1, 10), sample(100, 1, 12)] }),
    );
    expect(upperBounds(samples)).toEqual([{ fromUs: 25, toUs: 75, high: 3 }]);
  });
});

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
