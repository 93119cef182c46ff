import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { samplesOf, type Sample } from '../../src/evidence/sessions/samples.ts';
import { upperBounds } from '../../src/evidence/sessions/upper-bounds.ts';
import { peakOf, stepsOf } from '../../src/evidence/sessions/steps.ts';
import { evidence, sample } from './given.ts';

/** Longer than a backend takes to count its login, if it does not end before. */
const countedWithinUs = 300;

/** Sessions of any length, shown some time after their login was logged, counted some time after that. */
const session = fc.record({
  fromUs: fc.integer({ min: 40, max: 1000 }),
  shownAfterUs: fc.integer({ min: 0, max: 9 }),
  countedAfterUs: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: countedWithinUs - 1 })),
  lengthUs: fc.integer({ min: 1, max: 300 }),
  /** Less than the time between two looks, as the bound wants it. */
  loggedLateUs: fc.integer({ min: 0, max: 9 }),
});

/** Looks at random moments, some of them lost, each with time between its parts. */
const look = fc.record({
  everyUs: fc.integer({ min: 10, max: 120 }),
  ok: fc.boolean(),
  rowsLateUs: fc.integer({ min: 0, max: 20 }),
  counterLateUs: fc.integer({ min: 0, max: 20 }),
});

const history = fc.record({
  sessions: fc.array(session, { minLength: 1, maxLength: 60 }),
  looks: fc.array(look, { minLength: 3, maxLength: 40 }),
  showsStarting: fc.boolean(),
});

type History = typeof history extends fc.Arbitrary<infer H> ? H : never;

interface Life {
  readonly loggedUs: number;
  readonly shownUs: number;
  readonly countedUs: number;
  readonly endUs: number;
  readonly endLoggedUs: number;
}

const livesOf = ({ sessions, showsStarting }: History): readonly Life[] =>
  sessions.map(({ fromUs, shownAfterUs, countedAfterUs, lengthUs, loggedLateUs }) => {
    // One that takes long to show itself is known by being `starting`.
    const shownUs = fromUs + shownAfterUs * (showsStarting ? 20 : 1);
    const endUs = shownUs + lengthUs;
    return {
      loggedUs: fromUs,
      shownUs,
      countedUs: Math.min(shownUs + countedAfterUs, endUs),
      endUs,
      endLoggedUs: endUs + loggedLateUs,
    };
  });

/** What a sampler would have recorded of it. */
function looked(given: History): readonly Sample[] {
  const lives = livesOf(given);
  let tUs = 0;
  let firstSeenUs = new Map<Life, number>();
  // A sampler begins before there is anything to see.
  const first = { everyUs: 10, ok: true, rowsLateUs: 0, counterLateUs: 0 };
  return [first, ...given.looks].map(({ everyUs, ok, rowsLateUs, counterLateUs }): Sample => {
    const beforeUs = tUs + everyUs;
    const rowsUs = beforeUs + rowsLateUs;
    tUs = rowsUs + counterLateUs;
    const tookUs = tUs - beforeUs === 0 ? 0 : 1000;
    const none = {
      sessions: null,
      sessionsAfter: null,
      fresh: null,
      young: null,
      backends: null,
      starting: null,
      isAnew: false,
    };
    if (!ok) return { tUs, ok, serverUs: null, rttUs: 0, tookUs: null, rows: [], ...none };
    const countedBy = (us: number): number => lives.filter(({ countedUs }) => countedUs <= us).length;
    const shown = lives.filter(({ shownUs, endUs }) => shownUs <= rowsUs && rowsUs < endUs);
    const known = firstSeenUs;
    firstSeenUs = new Map(shown.map((life) => [life, known.get(life) ?? tUs]));
    return {
      tUs,
      ok,
      serverUs: null,
      rttUs: tUs - beforeUs,
      tookUs,
      sessions: countedBy(beforeUs),
      sessionsAfter: countedBy(tUs),
      fresh: shown.filter((life) => !known.has(life)).length,
      young: [...firstSeenUs.values()].filter((seenUs) => tUs - seenUs < countedWithinUs).length,
      backends: shown.length,
      isAnew: false,
      starting: given.showsStarting
        ? lives.filter(({ loggedUs, shownUs }) => loggedUs <= rowsUs && rowsUs < shownUs).length
        : null,
      rows: [],
    };
  });
}

const truthOf = (given: History) =>
  stepsOf(
    livesOf(given).flatMap(({ loggedUs, endLoggedUs }) => [
      { tUs: loggedUs, delta: 1 },
      { tUs: endLoggedUs, delta: -1 },
    ]),
  );

/** A sample that was taken in an instant and found every login counted. */
const counted = (tUs: number, backends: number, sessions: number, fresh: number) =>
  sample(tUs, backends, sessions, { sessions_after: sessions, fresh, young: 0, took_us: 200 });

describe('upper bounds', () => {
  it('are never below the true count, however short the sessions, however late shown and counted', () => {
    fc.assert(
      fc.property(history, (given) => {
        const truth = truthOf(given);
        for (const { fromUs, toUs, high } of upperBounds(looked(given)))
          expect(high).toBeGreaterThanOrEqual(peakOf(truth, fromUs, toUs)?.count ?? 0);
      }),
      { numRuns: 1500 },
    );
  });

  it('are exact for sessions that stay, although every one of them is counted as a login, too', () => {
    const events = [
      counted(0, 0, 100, 0),
      counted(50, 24, 124, 24),
      counted(100, 24, 124, 0),
      counted(150, 24, 124, 0),
    ];
    expect(upperBounds(samplesOf(evidence({ events }))).map(({ high }) => high)).toEqual([24, 24]);
  });

  it('hold where a login is counted only seconds after it was seen', () => {
    const late = (tUs: number, backends: number, sessions: number, fresh: number) =>
      sample(tUs, backends, sessions, { sessions_after: sessions, fresh, young: backends });
    const events = [late(0, 1, 100, 0), late(50, 3, 101, 2), late(100, 3, 101, 0), late(150, 3, 102, 0)];
    const [first] = upperBounds(samplesOf(evidence({ events })));
    expect(first?.high).toBeGreaterThanOrEqual(3);
  });

  it('keep what has just left: its slot may not be free yet', () => {
    const events = [counted(0, 3, 9, 0), counted(50, 1, 9, 0), counted(100, 1, 9, 0), counted(150, 1, 9, 0)];
    expect(upperBounds(samplesOf(evidence({ events }))).map(({ high }) => high)).toEqual([3, 3]);
  });

  it('add what came and went unseen, and what is on its way', () => {
    const events = [
      counted(0, 4, 100, 0),
      { ...counted(50, 4, 107, 0), starting: 2 },
      { ...counted(100, 5, 108, 1), starting: 1 },
      counted(150, 6, 109, 1),
      counted(200, 6, 109, 0),
    ];
    expect(upperBounds(samplesOf(evidence({ events }))).map(({ high }) => high)).toEqual([
      4 + 7 + 2,
      4 + 7 + 1 + 1,
      5 + 1,
    ]);
  });

  it('take what was on its way from what it became, where the server paused in the middle of a sample', () => {
    const events = [
      counted(0, 4, 100, 0),
      { ...counted(50, 4, 100, 0), took_us: 30_000 },
      { ...counted(100, 5, 101, 1), starting: 1 },
      counted(150, 6, 102, 1),
    ];
    expect(upperBounds(samplesOf(evidence({ events })))[0]?.high).toBe(4 + (1 + 1));
  });

  it('say nothing across a counter that went backwards, nor of the interval behind it, of which nobody knows who left', () => {
    const logins = [101, 102, 3, 3, 3, 3];
    const events = logins.map((sessions, index) => counted(50 * index, 4, sessions, 0));
    expect(upperBounds(samplesOf(evidence({ events }))).map(({ fromUs }) => fromUs)).toEqual([150]);
  });

  it('say nothing across an end of the server, though its counter went on', () => {
    const events = [0, 50, 100, 150, 200, 250, 300].map((tUs) => counted(tUs, 4, 100 + tUs, 0));
    events[3] = { ...events[3]!, anew: true };
    expect(upperBounds(samplesOf(evidence({ events }))).map(({ fromUs }) => fromUs)).toEqual([0, 200]);
  });

  it('say nothing where logins are not counted, or nobody noted which sessions are new', () => {
    const events = [0, 50, 100, 150].map((tUs) => sample(tUs, 4, 100));
    expect(upperBounds(samplesOf(evidence({ events })))).toEqual([]);
    const uncounted = events.map((one) => ({ ...one, sessions: null, fresh: 0, young: 4 }));
    expect(upperBounds(samplesOf(evidence({ events: uncounted })))).toEqual([]);
  });

  it('reach over a failed sample, so that losing one can only raise them', () => {
    const lost = sample(50, 0, 0, { ok: false, backends: null, sessions: null });
    const samples = samplesOf(
      evidence({ events: [counted(25, 1, 10, 0), lost, counted(75, 1, 12, 0), counted(100, 1, 12, 0)] }),
    );
    expect(upperBounds(samples)).toMatchObject([{ fromUs: 25, toUs: 75, high: 3 }]);
  });
});

it('nobody is on the way to a sample that took too little time for a login, where none was starting', () => {
  const looks = [0, 1, 2].map((index) =>
    sample(index * 50_000, 4, index === 2 ? 7 : 4, {
      backends: index === 2 ? 7 : 4,
      sessions_after: index === 2 ? 7 : 4,
      fresh: index === 2 ? 3 : 0,
      young: 0,
      took_us: 200,
    }),
  );
  const highs = (slowUs?: number) =>
    upperBounds(
      samplesOf(
        evidence({
          events: looks.map((one) => (slowUs === undefined ? one : { ...one, took_us: slowUs })),
        }),
      ),
    ).map(({ high }) => high);
  expect(highs()).toEqual([4]);
  // A slower one may have had the three in its middle.
  expect(highs(1000)).toEqual([7]);
});
