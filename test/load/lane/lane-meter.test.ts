import { describe, expect, it } from 'vitest';
import { startLaneMeter } from '../../../src/load/lane/lane-meter.ts';

const spin = (ms: number): void => {
  const until = process.hrtime.bigint() + BigInt(ms * 1e6);
  while (process.hrtime.bigint() < until);
};
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

describe('the meter of a lane', () => {
  it('reports zeros where nothing was sent', () => {
    expect(startLaneMeter().report(3)).toMatchObject({
      lane: 3,
      sent: 0,
      retries: 0,
      dropped: 0,
      unfinished: 0,
      lag_p50_us: 0,
      lag_p99_us: 0,
      lag_max_us: 0,
      retry_lag_p99_us: 0,
      loop_delay_p99_us: 0,
      loop_delay_max_us: 0,
    });
  });

  it('counts what was sent, retried, dropped and left unfinished apart', () => {
    const meter = startLaneMeter();
    for (let nth = 0; nth < 4; nth += 1) meter.sent(10);
    for (let nth = 0; nth < 3; nth += 1) meter.retried(10);
    meter.dropped();
    meter.dropped();
    meter.unfinished();
    expect(meter.report(0)).toMatchObject({ sent: 4, retries: 3, dropped: 2, unfinished: 1 });
  });

  it('keeps the lag of first attempts apart from that of retries, which a system timer sends', () => {
    const meter = startLaneMeter();
    for (let lagUs = 1; lagUs <= 100; lagUs += 1) meter.sent(lagUs * 100);
    for (let lagUs = 1; lagUs <= 100; lagUs += 1) meter.retried(lagUs * 10);
    const report = meter.report(0);
    // The histogram keeps three figures.
    expect(report.lag_p50_us / 5000).toBeCloseTo(1, 2);
    expect(report.lag_p99_us / 9900).toBeCloseTo(1, 2);
    expect(report.lag_max_us / 10_000).toBeCloseTo(1, 2);
    expect(report).toMatchObject({ retry_lag_p99_us: 990 });
  });

  it('takes what was sent on time for a lag of no more than a microsecond', () => {
    const meter = startLaneMeter();
    meter.sent(0);
    meter.retried(0);
    expect(meter.report(0)).toMatchObject({ lag_max_us: 1, retry_lag_p99_us: 1 });
  });

  it('sees a stall of the event loop, and the CPU time that it took', async () => {
    const meter = startLaneMeter();
    await pause(20);
    spin(60);
    await pause(20);
    const report = meter.report(0);
    expect(report.loop_delay_max_us).toBeGreaterThan(45_000);
    expect(report.loop_delay_p99_us).toBeLessThanOrEqual(report.loop_delay_max_us);
    expect(report.cpu_us).toBeGreaterThan(5000);
    expect(report.cpu_us).toBeLessThan(1_000_000);
  });

  it('forgets the stalls and the CPU time of warming up, and nothing that was counted', async () => {
    const meter = startLaneMeter();
    await pause(20);
    spin(200);
    await pause(5);
    meter.dropped();
    meter.reset();
    const report = meter.report(0);
    expect(report).toMatchObject({ dropped: 1, loop_delay_max_us: 0 });
    expect(report.cpu_us).toBeLessThan(100_000);
  });
});
