import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TimerHeap, type Timer } from '../../../src/load/lane/timer-heap.ts';

describe('a timer heap', () => {
  it('does what is due in the order of time, once, and nothing that was called off', () => {
    const times = fc.array(fc.integer({ min: 0, max: 500 }), { maxLength: 200, size: 'max' });
    fc.assert(
      fc.property(
        times,
        fc.infiniteStream(fc.boolean()),
        fc.integer({ min: 0, max: 600 }),
        (at, coins, nowUs) => {
          const heap = new TimerHeap();
          const done: number[] = [];
          const made = at.map((us) => heap.add(us, () => done.push(us)));
          const cancelled = made.filter(() => coins.next().value);
          for (const timer of cancelled) heap.cancel(timer);
          const left = made.filter((one) => !cancelled.includes(one)).map(({ atUs }) => atUs);
          heap.runDue(nowUs);
          expect(done).toEqual(left.filter((us) => us <= nowUs).sort((a, b) => a - b));
          expect(heap.size).toBe(left.length - done.length);
          expect(heap.nextUs).toBe(Math.min(Infinity, ...left.filter((us) => us > nowUs)));
        },
      ),
    );
  });

  it('keeps its order when the last timer takes the place of a cancelled one that was later', () => {
    const heap = new TimerHeap();
    const done: number[] = [];
    // 8 moves from the branch under 2 to the place of 30, where it is earlier than its parents 21 and 20.
    const times = [1, 20, 2, 21, 22, 50, 4, 30, 31, 32, 33, 60, 61, 62, 8];
    const timers = times.map((us) => heap.add(us, () => done.push(us)));
    heap.cancel(timers[7]!);
    heap.runDue(100);
    expect(done).toEqual(times.filter((us) => us !== 30).sort((one, other) => one - other));
  });

  it('does what is added on the way when it is due by then, and leaves what is later', () => {
    const heap = new TimerHeap();
    const done: string[] = [];
    heap.add(10, () => {
      done.push('first');
      heap.add(15, () => done.push('soon'));
      heap.add(25, () => done.push('late'));
    });
    heap.runDue(20);
    expect(done).toEqual(['first', 'soon']);
    expect(heap.nextUs).toBe(25);
  });

  it('takes calling off twice, or what is over, for nothing', () => {
    const heap = new TimerHeap();
    const kept: Timer[] = [];
    const over = heap.add(1, () => undefined);
    for (const us of [5, 3, 4]) kept.push(heap.add(us, () => undefined));
    heap.runDue(2);
    heap.cancel(over);
    heap.cancel(kept[1]!);
    heap.cancel(kept[1]!);
    expect(heap.size).toBe(2);
    expect(heap.nextUs).toBe(4);
    heap.clear();
    heap.cancel(kept[0]!);
    expect(heap.size).toBe(0);
  });
});
