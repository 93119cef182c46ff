import { readFile } from 'node:fs/promises';
import type { RunClock } from '../base/clock.ts';
import type { SampleEvent, SamplerEvent } from '../evidence/event.ts';
import type { SampleSession } from './sample-session.ts';

/** Samples taken before load to see what one costs this process, which does nothing else then. */
const trials = 20;
/** The unit of CPU time in /proc on Linux. */
const tickUs = 10_000;

/** What sampling costs, added up while it goes on. */
export interface SamplerCost {
  count(head: SampleEvent): void;
  /** All of it, when the sampling is over. */
  sum(clock: RunClock): Promise<SamplerEvent>;
}

/** Begins to add up. Takes a few samples that are not recorded, so that this is to be done before load. */
export async function meterSampling(sessions: readonly SampleSession[]): Promise<SamplerCost> {
  const clientUs = await measureClient(sessions[0]);
  const before = await serverUsOf(sessions);
  const roundTrips: number[] = [];
  let failed = 0;
  let longestGapUs = 0;
  let lastUs: number | null = null;
  return {
    count: ({ ok, t_us: tUs, rtt_us: rttUs }) => {
      if (!ok) {
        failed += 1;
        return;
      }
      roundTrips.push(rttUs);
      longestGapUs = Math.max(longestGapUs, lastUs === null ? 0 : tUs - lastUs);
      lastUs = tUs;
    },
    sum: async (clock) => {
      const after = await serverUsOf(sessions);
      const sorted = roundTrips.sort((a, b) => a - b);
      const at = (share: number): number | null => sorted[Math.floor(share * (sorted.length - 1))] ?? null;
      const known = before !== null && after !== null && sorted.length > 0;
      return {
        t_us: clock.nowUs(),
        kind: 'sampler',
        samples: sorted.length,
        failed,
        longest_gap_us: longestGapUs,
        rtt_p50_us: at(0.5),
        rtt_p99_us: at(0.99),
        client_us: clientUs,
        server_us: known ? Math.round((after - before) / sorted.length) : null,
      };
    },
  };
}

/** CPU time of this process for one sample. */
async function measureClient(session: SampleSession | undefined): Promise<number | null> {
  if (session === undefined) return null;
  try {
    await session.read();
    const before = process.cpuUsage();
    for (let trial = 0; trial < trials; trial += 1) await session.read();
    const { user, system } = process.cpuUsage(before);
    return Math.round((user + system) / trials);
  } catch {
    // A session that is lost so early is found by the first sample.
    return null;
  }
}

/** CPU time of the backends together; null where their processes can't be seen, as on another machine. */
async function serverUsOf(sessions: readonly SampleSession[]): Promise<number | null> {
  const times = await Promise.all(sessions.map(({ pid }) => cpuUsOf(pid)));
  return times.reduce<number | null>((sum, us) => (sum === null || us === null ? null : sum + us), 0);
}

/** The fields after the name, which stands in brackets and may hold anything: user and system time, in ticks. */
async function cpuUsOf(pid: number): Promise<number | null> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
    // The same number may be another process here, where the server is elsewhere.
    if (!/^\d+ \(postgres/.test(stat)) return null;
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return (Number(fields[11]) + Number(fields[12])) * tickUs;
  } catch {
    return null;
  }
}
