// What is done to a run while it goes on, by the control's name. Those without an entry are plain runs.
import { setTimeout as sleep } from 'node:timers/promises';
import { childrenOf, untilProcess } from './processes.mjs';
import { withOwnServer } from './own-server.mjs';

/** From the sampler's first session to the middle of the rush: the services start, then 15 s of baseline. */
const untilRushMs = 19_000;

export const controls = {
  'sampler-stopped': { during: stopSampler },
  'generator-starved': { during: starve },
  'clock-right': { around: (run) => withOwnServer('+0s', run) },
  'clock-off': { around: (run) => withOwnServer('+5s', run) },
};

/** Its sessions may be those of a WAL sender, which take no slot. */
const isSampler = (title) => /^postgres: .*poolproof_monitor/.test(title);

/** Longer than anyone may wait for a session, and shorter than the sampler's own patience. */
async function stopSampler(pid) {
  await untilProcess(pid, isSampler);
  await sleep(untilRushMs);
  const backends = childrenOf(pid, isSampler);
  for (const backend of backends) process.kill(backend, 'SIGSTOP');
  await sleep(3000);
  for (const backend of backends) process.kill(backend, 'SIGCONT');
}

/** As a CPU quota does it: a part of every period runs, then everything stands until the next. */
async function starve(pid) {
  await untilProcess(pid, isSampler);
  await sleep(untilRushMs);
  for (let period = 0; period < 20; period += 1) {
    process.kill(pid, 'SIGSTOP');
    await sleep(200);
    process.kill(pid, 'SIGCONT');
    await sleep(50);
  }
}
