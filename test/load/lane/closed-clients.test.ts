import { describe, expect, it } from 'vitest';
import { TimerHeap } from '../../../src/load/lane/timer-heap.ts';
import { startClosedClients, type ClosedPhase } from '../../../src/load/lane/closed-clients.ts';

/** A service that answers after so long, on a clock that is moved by hand. */
function play(phase: ClosedPhase, answerUs: number, lanes = 1, wasSent = true) {
  const heap = new TimerHeap();
  const asked: { client: number; atUs: number }[] = [];
  let nowUs = 0;
  let open = 0;
  let mostOpen = 0;
  for (let lane = 0; lane < lanes; lane += 1)
    startClosedClients(phase, { lane, lanes }, 7, {
      nowUs: () => nowUs,
      at: (us, act) => void heap.add(us, act),
      send: (index, client, atUs, onFinal) => {
        expect(index).toBe(phase.phase);
        asked.push({ client, atUs });
        mostOpen = Math.max(mostOpen, (open += 1));
        heap.add(nowUs + answerUs, () => {
          open -= 1;
          onFinal(wasSent);
        });
      },
    });
  for (let steps = 0; heap.size > 0 && steps < 1_000_000; steps += 1) heap.runDue((nowUs = heap.nextUs));
  return { asked, mostOpen, left: heap.size, endUs: nowUs };
}

const phase: ClosedPhase = {
  phase: 2,
  startUs: 1_000_000,
  endUs: 11_000_000,
  clients: 5,
  think: { law: 'constant', meanMs: 400 },
};

describe('clients of the closed model', () => {
  it('each wait for the answer, think, and ask again: U / (think + latency) a second', () => {
    const { asked, left } = play(phase, 100_000);
    // 10 s at 5 / 0.5 s, from the first think time on.
    expect(asked.length).toBeGreaterThanOrEqual(95);
    expect(asked.length).toBeLessThanOrEqual(100);
    expect(left).toBe(0);
  });

  it('never have more open than there are of them, and ask nothing outside their phase', () => {
    const { asked, mostOpen } = play({ ...phase, think: { law: 'exponential', meanMs: 50 } }, 300_000);
    expect(mostOpen).toBe(5);
    for (const { atUs } of asked) {
      expect(atUs).toBeGreaterThanOrEqual(phase.startUs);
      expect(atUs).toBeLessThan(phase.endUs);
    }
  });

  it('ask at once when they never think', () => {
    const { asked } = play({ ...phase, think: { law: 'constant', meanMs: 0 } }, 10_000);
    expect(asked).toHaveLength(5 * 1000);
  });

  it('do not spin when the harness itself drops what they ask', () => {
    const { asked } = play({ ...phase, think: { law: 'constant', meanMs: 0 } }, 0, 1, false);
    expect(asked).toHaveLength(5 * 1000);
  });

  it('are the same ones however many lanes share them', () => {
    const think = { law: 'exponential', meanMs: 200 } as const;
    const timesOf = (lanes: number) =>
      play({ ...phase, think }, 100_000, lanes)
        .asked.map(({ client, atUs }) => `${client} ${atUs.toFixed(3)}`)
        .sort();
    expect(timesOf(3)).toEqual(timesOf(1));
  });
});
