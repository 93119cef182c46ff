import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { RevisionEvent, RunEvent } from '../../../../src/evidence/event.ts';
import { inside, outside, overlapWindows } from '../../../../src/verdict/facts/platform/overlap-windows.ts';
import { deployment, firstDeployment } from '../../support/stories.ts';

const at = (ms: number): number => 1000 * (10_000 + ms);
const endUs = at(100_000);
const drainMs = 14_000;

function windows(events: readonly RunEvent[]): readonly (readonly [number, number])[] {
  return overlapWindows(events, 'api', drainMs, endUs).map(
    ({ fromUs, toUs }) => [(fromUs - at(0)) / 1000, (toUs - at(0)) / 1000] as const,
  );
}

function revision(ms: number, name: string, state: RevisionEvent['state'], percent?: number): RunEvent {
  const share = percent === undefined ? {} : { percent };
  return { kind: 'revision', t_us: at(ms), service: 'api', revision: name, state, reason: '', ...share };
}

function instance(ms: number, of: string, state: 'starting' | 'stopped'): RunEvent {
  return {
    kind: 'instance',
    t_us: at(ms),
    service: 'api',
    revision: of,
    instance: `${of}-1`,
    state,
    reason: '',
  };
}

describe('a rollout', () => {
  test('is not the first deployment, nor that of another service', () => {
    expect(windows([])).toEqual([]);
    expect(windows(firstDeployment(at))).toEqual([]);
    const others = [...firstDeployment(at), ...deployment(at, 5000, 6000)].map((event) => ({
      ...event,
      service: 'worker',
    }));
    expect(windows(others as RunEvent[])).toEqual([]);
  });

  test('lasts from the creation of a revision until its traffic has drained', () => {
    const events = [...firstDeployment(at), ...deployment(at, 5000, 6000)];
    expect(windows(events)).toEqual([[5000, 20_000]]);
    expect(overlapWindows(events, 'api', drainMs, endUs)[0]).toMatchObject({
      served: true,
      revisions: ['r2'],
    });
  });

  test('goes on while instances of the old revision are there, for 15 minutes at most', () => {
    const rollout = [...firstDeployment(at), instance(-800, 'r1', 'starting'), ...deployment(at, 5000, 6000)];
    expect(windows([...rollout, instance(8000, 'r1', 'stopped')])).toEqual([[5000, 20_000]]);
    expect(windows([...rollout, instance(50_000, 'r1', 'stopped')])).toEqual([[5000, 50_000]]);
    expect(windows(rollout)).toEqual([[5000, 100_000]]);
    const [late] = overlapWindows(rollout, 'api', drainMs, at(10_000_000));
    expect(late?.toUs).toBe(at(6000) + 15 * 60 * 1e6);
  });

  test('that fails ends with the failure, and serves nobody', () => {
    const events = [...firstDeployment(at), revision(5000, 'r2', 'created'), revision(9000, 'r2', 'failed')];
    expect(windows(events)).toEqual([[5000, 23_000]]);
    expect(overlapWindows(events, 'api', drainMs, endUs)[0]?.served).toBe(false);
  });

  test('with its traffic split lasts until one revision has all of it', () => {
    const split = [
      ...firstDeployment(at),
      revision(5000, 'r2', 'created'),
      revision(6000, 'r1', 'serving', 50),
      revision(6000, 'r2', 'serving', 50),
    ];
    expect(windows(split)).toEqual([[5000, 100_000]]);
    const whole = [...split, revision(30_000, 'r1', 'retired', 0), revision(30_000, 'r2', 'serving', 100)];
    expect(windows(whole)).toEqual([[5000, 44_000]]);
  });

  test('back to an old revision is one too, and two close ones are one window', () => {
    const back = [
      ...firstDeployment(at),
      ...deployment(at, 5000, 6000),
      revision(50_000, 'r2', 'retired', 0),
      revision(50_000, 'r1', 'serving', 100),
    ];
    expect(windows(back)).toEqual([
      [5000, 20_000],
      [50_000, 64_000],
    ]);
    const twice = [
      ...firstDeployment(at),
      ...deployment(at, 5000, 6000),
      ...deployment(at, 12_000, 13_000, 'r3', 'r2'),
    ];
    expect(windows(twice)).toEqual([[5000, 27_000]]);
  });

  test('of a revision that is kept without traffic ends when it is ready', () => {
    const events = [...firstDeployment(at), revision(5000, 'r2', 'created'), revision(7000, 'r2', 'ready')];
    expect(windows(events)).toEqual([[5000, 21_000]]);
  });
});

test('inside and outside share out a span: nothing twice, nothing left', () => {
  const span = fc.tuple(fc.integer({ min: 0, max: 1000 }), fc.integer({ min: 1, max: 300 }));
  fc.assert(
    fc.property(fc.array(span, { maxLength: 6 }), span, (drawn, [fromUs, lengthUs]) => {
      let lastUs = -1;
      const apart = drawn
        .toSorted((a, b) => a[0] - b[0])
        .flatMap(([start, length]) => {
          const from = Math.max(start, lastUs + 1);
          lastUs = from + length;
          return [{ fromUs: from, toUs: lastUs }];
        });
      const whole = { fromUs, toUs: fromUs + lengthUs };
      const parts = [...inside(apart, whole), ...outside(apart, whole)];
      expect(parts.reduce((sum, part) => sum + part.toUs - part.fromUs, 0)).toBe(lengthUs);
      for (const part of parts) {
        expect(part.fromUs).toBeGreaterThanOrEqual(whole.fromUs);
        expect(part.toUs).toBeLessThanOrEqual(whole.toUs);
      }
    }),
  );
});
