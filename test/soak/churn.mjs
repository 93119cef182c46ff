// `npm run soak -- 10`: minutes of 50 sessions a second that come and go through a link, watched as in a run. Memory
// must stay flat, and the sampler must have no gap of five periods that this process caused.
import { fork } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { makeRunClock } from '#dist/base/clock.js';
import { startProcessGuard } from '#dist/base/process-guard.js';
import { startLink } from '#dist/link/link.js';
import { makeEmbeddedServer } from '#dist/postgres/embedded/embedded-server.js';
import { startSampler } from '#dist/postgres/sampler.js';
import { followServerLog } from '#dist/postgres/server-log.js';
import { median } from '../bench/statistics.mjs';

const minutes = Math.min(60, Number(process.argv[2] ?? 10));
if (!(minutes > 0)) throw new Error('how many minutes?');
const everyMs = 50;
/** Five periods. */
const gapMs = 5 * everyMs;
/** Heap that may come and go between two looks. */
const slackBytes = 8e6;

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc');

const guard = startProcessGuard();
const clock = makeRunClock();
const server = makeEmbeddedServer({ maxConnections: 60, serviceRoles: ['api'], guard });
const postgres = await server.start(new AbortController().signal);
const counts = { samples: 0, failed: 0, linkEvents: 0, transactions: 0, logLines: 0 };
const gaps = [];
let lastUs = null;
let lastCpu = process.cpuUsage();
const sampler = await startSampler({
  login: postgres.monitor,
  ownerOf: ({ role }) => role,
  everyMs,
  seed: 1,
  clock,
  onSample: ({ ok, t_us: tUs, rtt_us: rttUs }) => {
    counts.samples += 1;
    if (!ok) counts.failed += 1;
    const longMs = lastUs === null ? 0 : (tUs - lastUs) / 1000;
    const { user, system } = process.cpuUsage(lastCpu);
    // What this process computed in the gap is its own share; the rest is the server's answer, or a processor that
    // was given to others.
    if (longMs > gapMs)
      gaps.push({ atS: tUs / 1e6, longMs, answerMs: rttUs / 1000, cpuMs: (user + system) / 1000 });
    lastCpu = process.cpuUsage();
    lastUs = tUs;
  },
});
const log = await followServerLog({
  source: postgres.log,
  clock,
  serverClock: sampler.clockOffset,
  onEvent: () => (counts.logLines += 1),
});
const link = await startLink({
  upstream: postgres.service,
  clock,
  whose: { service: 'api', revision: 'api-00001-abc', instance: 'i1' },
  onEvent: () => (counts.linkEvents += 1),
  onWork: ({ transactions }) => (counts.transactions += transactions),
});
const login = { ...postgres.service, host: link.host, port: link.port };
const clients = fork(fileURLToPath(new URL('churn-clients.mjs', import.meta.url)), {
  env: { ...process.env, LOGIN: JSON.stringify(login) },
});
let churn = { done: 0, failed: {} };
clients.on('message', (message) => (churn = message));

const heaps = [];
const looks = Math.max(6, Math.round(minutes * 6));
for (let look = 0; look < looks; look += 1) {
  await delay((minutes * 60_000) / looks);
  collectGarbage();
  const { heapUsed, rss } = process.memoryUsage();
  heaps.push(heapUsed);
  console.log(
    `${(((look + 1) * minutes * 60) / looks).toFixed(0)} s: heap ${mb(heapUsed)}, rss ${mb(rss)}, ${churn.done} sessions, ${counts.samples} samples, ${gaps.length} gaps`,
  );
}
clients.disconnect();
const cost = await sampler.stop();
await link.close();
await log.stop();
await postgres.stop();
guard.dismiss();

const third = Math.floor(looks / 3);
const growth = median(heaps.slice(-third)) - median(heaps.slice(0, third));
const ours = gaps.filter(({ longMs, cpuMs }) => cpuMs > longMs / 2);
console.log({ churn, counts, longestGapMs: cost.longest_gap_us / 1000, gaps, growth: mb(growth) });
const problems = [
  ...(growth > slackBytes ? [`the heap grew by ${mb(growth)}`] : []),
  ...(counts.failed > 0 ? [`${counts.failed} samples failed`] : []),
  ...(ours.length > 0
    ? [`${ours.length} gaps of more than ${gapMs} ms that this process computed through`]
    : []),
  ...(churn.done < minutes * 60 * 40 ? [`only ${churn.done} sessions came and went`] : []),
];
console.log(problems.length === 0 ? 'flat, and without a gap of its own' : problems.join('\n'));
process.exit(problems.length === 0 ? 0 : 1);

function mb(bytes) {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
