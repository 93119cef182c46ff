import { makeRunClock, type RunClock } from '../../src/base/clock.ts';
import { makeSessionOwner } from '../../src/contract/session-owner.ts';
import type { BackendRow } from '../../src/evidence/dataset/backend-row.ts';
import type { CanaryEvent, LogEvent, SampleEvent } from '../../src/evidence/event.ts';
import { startCanary } from '../../src/postgres/canary.ts';
import type { RunningPostgres } from '../../src/postgres/postgres-server.ts';
import { startSampler, type RunningSampler } from '../../src/postgres/sampler.ts';
import { followServerLog } from '../../src/postgres/server-log.ts';

/** What was seen of a server. */
export interface Observed {
  readonly samples: readonly SampleEvent[];
  readonly rows: readonly BackendRow[];
  readonly log: readonly LogEvent[];
  readonly canaries: readonly CanaryEvent[];
  readonly unreadLines: number;
}

/** Everything that watches a server during a run, at work. */
export interface Observers {
  readonly sampler: RunningSampler;
  readonly clock: RunClock;
  readonly nowUs: () => number;
  /** What has been seen so far; the log comes a little later than the rest. */
  readonly soFar: Observed;
  stop(): Promise<Observed>;
}

/** Watches a server as a run does, with one clock. */
export async function observe(postgres: RunningPostgres, seed = 1): Promise<Observers> {
  const clock = makeRunClock();
  const seen = {
    samples: [] as SampleEvent[],
    rows: [] as BackendRow[],
    log: [] as LogEvent[],
    canaries: [] as CanaryEvent[],
    unreadLines: 0,
  };
  const sampler = await startSampler({
    login: postgres.monitor,
    ownerOf: makeSessionOwner([{ name: 'orders', match: { role: postgres.service.user } }]),
    everyMs: 50,
    seed,
    clock,
    onSample: (head, rows) => {
      seen.samples.push(head);
      seen.rows.push(...rows);
    },
  });
  const { log: source, headroom } = postgres;
  const log =
    source === null
      ? null
      : await followServerLog({
          source,
          clock,
          serverClock: sampler.clockOffset,
          onEvent: (event) => seen.log.push(event),
        });
  const canary = startCanary({
    role: 'headroom',
    login: headroom,
    seed,
    clock,
    onEvent: (event) => seen.canaries.push(event),
  });
  return {
    sampler,
    clock,
    nowUs: () => clock.nowUs(),
    soFar: seen,
    stop: async () => {
      await canary.stop();
      await log?.stop();
      seen.unreadLines = log?.unreadLines() ?? 0;
      await sampler.stop();
      return seen;
    },
  };
}
