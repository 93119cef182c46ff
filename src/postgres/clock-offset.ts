import type { RunClock } from '../base/clock.ts';

/**
 * How the server's clock stands to the run clock: `offset_us` = server time (microseconds since 1970) minus
 * run time, at the same moment. So: run time of a server timestamp = `server_us - offset_us`, wrong by at
 * most `error_us` (and by what the two clocks have drifted apart since).
 */
export interface ClockOffset {
  readonly offset_us: number;
  readonly error_us: number;
}

/** One reading of the server's clock, framed by the run clock. */
export interface ClockReading {
  readonly sentUs: number;
  readonly serverUs: number;
  readonly receivedUs: number;
}

/** Round trips made to find a quick one. */
const readings = 20;

/** Reads the server's clock a number of times and keeps the quickest round trip. */
export async function measureClockOffset(
  clock: RunClock,
  readServerUs: () => Promise<number>,
): Promise<ClockOffset> {
  const all: ClockReading[] = [];
  for (let count = 0; count < readings; count += 1) {
    const sentUs = clock.nowUs();
    const serverUs = await readServerUs();
    all.push({ sentUs, serverUs, receivedUs: clock.nowUs() });
  }
  return clockOffsetOf(all);
}

/**
 * Cristian's method. The server read its clock somewhere within the round trip; taking the middle is wrong by
 * at most half of it, so the quickest round trip gives the best offset, whatever the others say.
 */
export function clockOffsetOf(all: readonly ClockReading[]): ClockOffset {
  const best = all.reduce((quickest, next) => (roundTripUs(next) < roundTripUs(quickest) ? next : quickest));
  const middleUs = (best.sentUs + best.receivedUs) / 2;
  return {
    offset_us: Math.round(best.serverUs - middleUs),
    error_us: Math.ceil(roundTripUs(best) / 2),
  };
}

function roundTripUs(reading: ClockReading): number {
  return reading.receivedUs - reading.sentUs;
}

/** When the server's clock showed this, in run time. */
export function runTimeOf(serverUs: number, offset: Pick<ClockOffset, 'offset_us'>): number {
  return serverUs - offset.offset_us;
}
