// What a request costs when nothing is waited for: 50 clients that ask again at once, one core for the generator.
import { engine, saturatedPeers } from './generators.mjs';
import { meter } from './meter.mjs';
import { all, atMost, row } from './row.mjs';
import { median } from './statistics.mjs';

const seconds = 6;
const traffic = {
  max_in_flight: 1000,
  phases: [{ name: 'saturated', duration: `${seconds}s`, closed: { clients: 50, think: '0ms' } }],
};

/** CPU per request, as measured once in a quiet hour with the same target, paired with autocannon. */
const elsewhere = [
  { name: 'k6', toAutocannon: 65.2 / 11.9, timesUnder: 4 },
  { name: 'vegeta', toAutocannon: 22.2 / 11.9, timesUnder: 1.5 },
];
const limitUs = 14;
const limitToAutocannon = 1.2;

/** Rows: every tool in every round, ratios within the round. */
export async function benchSaturated({ target, folder, rounds }) {
  const measured = { poolproof: [] };
  for (let round = 0; round < rounds; round += 1) {
    const own = { name: 'poolproof', argv: engine(target, `${folder}/saturated-${round}`, traffic) };
    for (const { name, argv } of [own, ...saturatedPeers(target, seconds)])
      (measured[name] ??= []).push(await meter(target, { argv, folder }));
  }
  return [...cpuRows(measured), ...derivedRows(measured), memoryRow(measured)];
}

function cpuRows({ poolproof, ...peers }) {
  const values = poolproof.map(({ cpuUsPerRequest }) => cpuUsPerRequest);
  const value = median(values);
  return Object.entries(peers).map(([name, runs]) => {
    const peer = { name, value: median(runs.map(({ cpuUsPerRequest }) => cpuUsPerRequest)) };
    const ratio = paired(values, runs);
    const goal =
      name === 'autocannon'
        ? all(atMost(value, limitUs, ' us'), atMost(ratio, limitToAutocannon, ' of autocannon'))
        : null;
    return row('load: saturated, 50 clients, CPU', value, 'us/request', {
      peer,
      ratio,
      goal,
      rounds: values,
    });
  });
}

function derivedRows({ poolproof, autocannon }) {
  const values = poolproof.map(({ cpuUsPerRequest }) => cpuUsPerRequest);
  const toAutocannon = paired(values, autocannon);
  return elsewhere.map(({ name, toAutocannon: factor, timesUnder }) => {
    const peerUs = factor * median(autocannon.map(({ cpuUsPerRequest }) => cpuUsPerRequest));
    const ratio = toAutocannon / factor;
    const goal = { text: `${timesUnder}x under`, met: ratio <= 1 / timesUnder };
    const peer = { name: `${name} (${factor.toFixed(2)} x autocannon)`, value: peerUs };
    return row('load: saturated, 50 clients, CPU', median(values), 'us/request', { peer, ratio, goal });
  });
}

function memoryRow({ poolproof, autocannon }) {
  const peakMb = (runs) => median(runs.map(({ peakRssBytes }) => peakRssBytes / 1e6));
  const peer = { name: 'autocannon', value: peakMb(autocannon) };
  return row('load: saturated, peak memory', peakMb(poolproof), 'MB', { peer });
}

function paired(values, runs) {
  return median(values.map((value, round) => value / runs[round].cpuUsPerRequest));
}
