// What is said of a server that sleeps for a while: the response times of all who would have called meanwhile.
import { attemptTable } from '#dist/evidence/dataset/attempt-table.js';
import { readParts } from '#dist/evidence/dataset/read-parts.js';
import { engine } from './generators.mjs';
import { meter } from './meter.mjs';
import { all, row } from './row.mjs';
import { quantile } from './statistics.mjs';

const ratePerSec = 100;
/** Just before an arrival, so that the arrivals it meets wait for 0.009, 0.019, ... of a second less than all of it. */
const short = { seconds: 10, afterMs: 3999, forMs: 1000, maxInFlight: 2000 };
/** Longer than what may be in flight at this rate lasts. */
const long = { seconds: 15, afterMs: 1999, forMs: 10_000, maxInFlight: 500 };

/** Rows of a stall of 1 s, and of one of 10 s in which arrivals have to be dropped. */
export async function benchStall(setting) {
  return [...timeRows(await sendThrough(setting, short)), ...countRows(await sendThrough(setting, long))];
}

async function sendThrough({ target, folder }, { seconds, afterMs, forMs, maxInFlight }) {
  const records = `${folder}/stall-${forMs}`;
  const phases = [{ name: 'stalled', duration: `${seconds}s`, rate: `${ratePerSec}/s` }];
  const traffic = { arrivals: 'uniform', max_in_flight: maxInFlight, phases };
  const { requests, output } = await meter(target, {
    argv: engine(target, records, traffic),
    folder,
    stall: { afterMs, forMs },
  });
  const { rows } = await readParts(`${records}/run`, attemptTable);
  const [fromNs, toNs] = await target.stalled();
  const servedBefore = (await target.times()).filter((ns) => ns < fromNs).length;
  return { attempts: rows, requests, ...JSON.parse(output), servedBefore, toNs };
}

/**
 * The truth is the target's own account. Those that it had not served when it fell asleep, and those that were
 * meant for the time until it woke, were answered then; the rest take what they take without a stall.
 */
function timeRows({ attempts, requests, planned, originNs, servedBefore, toNs }) {
  const wokeUs = Number(toNs - BigInt(originNs)) / 1000;
  const tookMs = ({ endedUs, intendedUs }) => (endedUs - intendedUs) / 1000;
  const told = sorted(attempts.map(tookMs));
  const unloaded = sorted(attempts.filter(({ arrival }) => arrival < servedBefore).map(tookMs));
  const restMs = quantile(unloaded, 0.5);
  const truthMs = ({ arrival, intendedUs }) =>
    arrival >= servedBefore && intendedUs < wokeUs ? (wokeUs - intendedUs) / 1000 : restMs;
  const truth = sorted(attempts.map(truthMs));
  const within = (q) => Math.abs(quantile(told, q) / quantile(truth, q) - 1) <= 0.01;
  const timeRow = (name, q, goal) =>
    row(`load: stall of 1 s, ${name}`, quantile(told, q), 'ms', {
      peer: { name: 'truth', value: quantile(truth, q) },
      goal,
    });
  const p50Off = Math.abs(quantile(told, 0.5) - restMs);
  return [
    row('load: stall of 1 s, requests that the target counted', requests, 'requests', {
      peer: { name: 'planned', value: planned },
      goal: { text: 'all', met: requests === planned },
    }),
    timeRow('p50', 0.5, { text: 'within 1 ms of no stall', met: p50Off <= 1 }),
    timeRow('p95', 0.95, { text: 'within 1 %', met: within(0.95) }),
    timeRow('p99', 0.99, { text: 'within 1 %', met: within(0.99) }),
    timeRow('max', 1, { text: 'within 1 %', met: within(1) }),
  ];
}

function countRows({ attempts, requests, planned }) {
  const dropped = attempts.filter(({ outcome }) => outcome === 'dropped').length;
  const isWhole = requests + dropped === planned && attempts.length === planned;
  return [
    row('load: stall of 10 s, sent and dropped', requests + dropped, 'arrivals', {
      peer: { name: 'planned', value: planned },
      goal: all({ text: 'all on record', met: isWhole }, { text: 'some dropped', met: dropped > 0 }),
    }),
    row('load: stall of 10 s, dropped', dropped, 'arrivals'),
  ];
}

function sorted(values) {
  return values.sort((a, b) => a - b);
}
