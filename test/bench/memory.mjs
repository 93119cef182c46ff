// Whether memory stays what it is, however many requests are sent: 50 clients that ask again at once.
import { rmSync } from 'node:fs';
import { engine } from './generators.mjs';
import { warn } from './machine.mjs';
import { meter } from './meter.mjs';
import { atMost, row } from './row.mjs';
import { slope } from './statistics.mjs';

const whole = 10_000_000;
const part = 1_000_000;
const limitMb = 130;
/** The share of requests in which heaps find their size. */
const warmShare = 0.2;
const traffic = {
  max_in_flight: 1000,
  phases: [{ name: 'long', duration: '30m', closed: { clients: 50, think: '0ms' } }],
};

/** Rows over ten million requests, or over one million, which is too few to judge the slope by. */
export async function benchMemory({ target, folder }, isWhole) {
  const requests = isWhole ? whole : part;
  if (!isWhole) warn(`memory: over ${part} requests only; --memory takes ${whole}, which the goal is about`);
  const records = `${folder}/memory`;
  const run = await meter(target, { argv: engine(target, records, traffic), folder, stopAt: requests });
  rmSync(records, { recursive: true, force: true });
  const { lost, lanes } = JSON.parse(run.output);
  const sent = lanes.reduce((sum, lane) => sum + lane.sent, 0);
  if (lost !== null) throw new Error(`the record is incomplete: ${lost}`);
  const points = run.rss
    .filter(({ count }) => count > requests * warmShare)
    .map(({ count, bytes }) => ({ x: count, y: bytes }));
  const perRequest = slope(points);
  const peakMb = run.peakRssBytes / 1e6;
  const over = `over ${(requests / 1e6).toFixed(0)} million requests`;
  return [
    row(`load: growth of memory ${over}`, perRequest, 'B/request', {
      goal: isWhole ? atMost(perRequest, 1, ' B') : null,
      rounds: run.rss.map(({ bytes }) => bytes),
    }),
    row(`load: peak memory ${over}`, peakMb, 'MB', { goal: atMost(peakMb, limitMb, ' MB') }),
    row(`load: requests that the target counted ${over}`, run.requests, 'requests', {
      peer: { name: 'sent', value: sent },
    }),
  ];
}
