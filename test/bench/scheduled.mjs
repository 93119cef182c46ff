// How even requests come at a rate, as the target saw them, and what each costs.
import { engine, pacedPeers, referencePacer } from './generators.mjs';
import { meter } from './meter.mjs';
import { all, atMost, row } from './row.mjs';
import { lagsMs, median, quantile } from './statistics.mjs';

const seconds = 5;

/** Goals by rate. Vegeta's CPU is its own at 1,000/s on one core, as measured once in a quiet hour. */
const vegetaUs = 209;
const paces = [
  { ratePerSec: 200, p50Ms: 0.1 },
  { ratePerSec: 1000, p50Ms: 0.06, p90Ms: 0.2, cpuUs: 1.3 * vegetaUs },
  { ratePerSec: 5000, p50Ms: 0.06, p90Ms: 0.3 },
];

/** Rows: engine and reference in every round, peers in the first. */
export async function benchScheduled(setting) {
  const rows = [];
  for (const pace of paces) rows.push(...(await benchPace(setting, pace)));
  return rows;
}

async function benchPace({ target, folder, rounds }, pace) {
  const { ratePerSec } = pace;
  const wanted = { ratePerSec, seconds };
  const reference = referencePacer(target, wanted, folder);
  const measure = async (argv) => {
    const used = await meter(target, { argv, folder });
    const lags = lagsMs(await target.times(), ratePerSec);
    return { ...used, p50: quantile(lags, 0.5), p90: quantile(lags, 0.9), p99: quantile(lags, 0.99) };
  };
  const traffic = {
    arrivals: 'uniform',
    phases: [{ name: 'paced', duration: `${seconds}s`, rate: `${ratePerSec}/s` }],
  };
  const own = [];
  const ideal = [];
  for (let round = 0; round < rounds; round += 1) {
    own.push(await measure(engine(target, `${folder}/paced-${ratePerSec}-${round}`, traffic)));
    ideal.push(await measure(reference.argv));
  }
  const peers = [];
  for (const { name, argv } of pacedPeers(target, wanted)) peers.push({ name, ...(await measure(argv)) });
  return [
    ...lagRows(pace, own, { name: reference.name, ...best(ideal) }),
    cpuRow(pace, own, { name: reference.name, value: median(ideal.map(cpu)) }),
    ...peers.flatMap((peer) => peerRows(pace, own, peer)),
    sentRow(pace, own),
  ];
}

/** Stalls of the machine hit some rounds and not others: the best one says what the pacing can do. */
function best(runs) {
  return runs.reduce((least, run) => (run.p90 < least.p90 ? run : least));
}

function lagRows({ ratePerSec, ...goals }, own, reference) {
  const { p50, p90, p99 } = best(own);
  return Object.entries({ p50, p90, p99 }).map(([name, value]) => {
    const limit = goals[`${name}Ms`];
    return row(`load: ${ratePerSec}/s, lag ${name}, best round`, value, 'ms', {
      peer: { name: reference.name, value: reference[name] },
      goal: limit === undefined ? null : atMost(value, limit, ' ms'),
      rounds: own.map((run) => run[name]),
    });
  });
}

function cpuRow({ ratePerSec, cpuUs }, own, peer) {
  const rounds = own.map(cpu);
  const value = median(rounds);
  const goal = cpuUs === undefined ? null : atMost(value, Math.round(cpuUs), ' us, 1.3 x vegeta');
  return row(`load: ${ratePerSec}/s, CPU`, value, 'us/request', { peer, goal, rounds });
}

function peerRows({ ratePerSec }, own, { name, p50, cpuUsPerRequest }) {
  return [
    row(`load: ${ratePerSec}/s, lag p50, best round`, best(own).p50, 'ms', { peer: { name, value: p50 } }),
    row(`load: ${ratePerSec}/s, CPU`, median(own.map(cpu)), 'us/request', {
      peer: { name, value: cpuUsPerRequest },
    }),
  ];
}

function sentRow({ ratePerSec }, own) {
  const planned = own.map(({ output }) => JSON.parse(output).planned);
  const seen = own.map(({ requests }) => requests);
  const sum = (values) => values.reduce((total, value) => total + value, 0);
  return row(`load: ${ratePerSec}/s, requests that the target counted`, sum(seen), 'requests', {
    peer: { name: 'planned', value: sum(planned) },
    goal: all({ text: 'all, in every round', met: seen.every((count, round) => count === planned[round]) }),
    rounds: seen,
  });
}

function cpu({ cpuUsPerRequest }) {
  return cpuUsPerRequest;
}
