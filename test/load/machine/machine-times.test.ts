import { describe, expect, it } from 'vitest';
import { parseStat, readMachineTimes } from '../../../src/load/machine/machine-times.ts';
import { sharesBetween } from '../../../src/load/machine/watch-machine.ts';

const stat = 'cpu  100 10 50 800 20 5 5 10 3 0\ncpu0 50 5 25 400 10 2 2 5 1 0\nintr 1 2 3\n';

describe('what the machine did', () => {
  it('is read from the line of all processors: waiting for a disk is not busy, guests are counted once', () => {
    expect(parseStat(stat)).toEqual({ busy: 170, steal: 10, total: 1000 });
    expect(parseStat('cpu  1 2 3 4\n')).toEqual({ busy: 6, steal: null, total: 10 });
  });

  it('is nothing where the system has no such line', () => {
    expect(parseStat('intr 1 2 3\n')).toEqual({ busy: 0, steal: null, total: 0 });
  });

  it('is the share of what went by between two readings', () => {
    const from = { cpus: 2, busy: 100, steal: 10, total: 1000 };
    expect(sharesBetween(from, { cpus: 2, busy: 250, steal: 60, total: 1200 })).toEqual({
      busy: 0.75,
      steal: 0.25,
    });
    expect(sharesBetween({ ...from, steal: null }, { cpus: 2, busy: 250, steal: null, total: 1200 })).toEqual(
      {
        busy: 0.75,
        steal: null,
      },
    );
    expect(sharesBetween(from, from)).toBeNull();
  });

  it('grows on the machine that this runs on', () => {
    const from = readMachineTimes();
    const until = process.hrtime.bigint() + 100_000_000n;
    while (process.hrtime.bigint() < until);
    const shares = sharesBetween(from, readMachineTimes());
    expect(shares?.busy).toBeGreaterThan(0);
    expect(shares?.busy).toBeLessThanOrEqual(1);
  });
});
