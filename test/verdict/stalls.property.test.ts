import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { RunEvent, StallEvent } from '../../src/evidence/event.ts';
import { judge } from '../../src/verdict/judge.ts';
import type { Summary } from '../../src/verdict/summary/summary.ts';
import { badStory, goodStory, makeEvidence, type Story } from './support/evidence-builder.ts';

/** A stall of some part, in milliseconds from load start. */
interface Planted {
  readonly of: StallEvent['of'];
  readonly fromMs: number;
  readonly lastingMs: number;
}

const planted: fc.Arbitrary<Planted> = fc.record({
  of: fc.constantFrom('lane', 'emulator', 'observer', 'instance'),
  fromMs: fc.integer({ min: -500, max: 55_000 }),
  lastingMs: fc.oneof(fc.integer({ min: 20, max: 300 }), fc.integer({ min: 300, max: 8000 })),
});

/** Failures that come late now and then, by a little or by much. */
const lateStory: Story = {
  ...goodStory,
  endAt: (ms, arrival) =>
    ms >= 15_000 && ms < 25_000 && arrival % 3 === 0
      ? { outcome: 'shed', tookMs: arrival % 30 === 0 ? 1150 + (arrival % 7) * 200 : 12 }
      : { outcome: 'ok', tookMs: 20 + (arrival % 10) },
};
const stories = { good: goodStory, bad: badStory, late: lateStory };
const calm = Object.fromEntries(
  Object.entries(stories).map(([name, story]) => [name, judge(makeEvidence({}, story))]),
);

const isPass = (status: string): boolean => status === 'PASS' || status === 'PASS_SAMPLED';

function stallsAt(at: (ms: number) => number, stalls: readonly Planted[]): readonly RunEvent[] {
  return stalls.map(({ of, fromMs, lastingMs }) => ({
    kind: 'stall',
    t_us: at(fromMs + lastingMs),
    of,
    from_us: at(fromMs),
    ...(of === 'instance' ? { instance: 'i1' } : {}),
  }));
}

function stalled(story: Story, stalls: readonly Planted[]): Summary {
  return judge(makeEvidence({ happened: (at) => stallsAt(at, stalls) }, story));
}

const names = fc.constantFrom('good' as const, 'bad' as const, 'late' as const);

describe('stalls of ours', () => {
  test('never make a FAIL, and take one away only where they explain all that was over the limit', () => {
    fc.assert(
      fc.property(names, fc.array(planted, { minLength: 1, maxLength: 4 }), (name, stalls) => {
        const noisy = stalled(stories[name], stalls);
        // As long again as a stall lasted, what piled up in it is worked off.
        const mostMs = 2 * stalls.reduce((sum, { lastingMs }) => sum + lastingMs, 0);
        for (const before of calm[name]?.bounds ?? []) {
          const after = noisy.bounds.find(({ id }) => id === before.id);
          if (isPass(before.status)) expect(after?.status).not.toBe('FAIL');
          if (before.status !== 'FAIL' || !isPass(after?.status ?? '')) continue;
          expect(before.unit).toBe('ms');
          expect((before.value ?? Infinity) - (before.limit ?? 0)).toBeLessThanOrEqual(mostMs);
        }
      }),
      { numRuns: 16 },
    );
  });

  test('change nothing of a run that held everywhere, but where too much is hidden', () => {
    fc.assert(
      fc.property(planted, (stall) => {
        for (const { status } of stalled(goodStory, [stall]).bounds) expect(status).not.toBe('FAIL');
      }),
      { numRuns: 12 },
    );
  });

  test('after which nobody was asked change nothing at all', () => {
    const early = stalled(goodStory, [{ of: 'lane', fromMs: -900, lastingMs: 100 }]);
    expect(early).toEqual(calm['good']);
  });

  test('leave what was counted exactly as it was', () => {
    fc.assert(
      fc.property(planted, (stall) => {
        const ids = ['B03', 'B05', 'B06'];
        const of = (summary: Summary | undefined): unknown =>
          summary?.bounds.filter(({ id }) => ids.includes(id));
        expect(of(stalled(badStory, [stall]))).toEqual(of(calm['bad']));
      }),
      { numRuns: 8 },
    );
  });
});
