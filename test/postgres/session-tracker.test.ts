import { expect, it } from 'vitest';
import { makeSessionTracker } from '../../src/postgres/session-tracker.ts';

it('tells the sessions that are new, and those that were seen for less than eleven seconds', () => {
  const tracker = makeSessionTracker();
  expect(tracker.note(['1', '2'], 0)).toEqual({ fresh: 2, young: 2 });
  expect(tracker.note(['2', '3'], 50_000)).toEqual({ fresh: 1, young: 2 });
  expect(tracker.note(['2', '3'], 11_000_000)).toEqual({ fresh: 0, young: 1 });
  expect(tracker.note(['1', '3'], 12_000_000)).toEqual({ fresh: 1, young: 1 });
});
