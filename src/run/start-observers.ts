import type { Teardown } from '../base/teardown.ts';
import type { DrainEvent, RunEvent } from '../evidence/event.ts';
import { makeSessionOwner, type SessionOwner } from '../contract/session-owner.ts';
import type { RunRecord } from '../evidence/run-record.ts';
import type { LogSource, RunningPostgres } from '../postgres/postgres-server.ts';
import type { RunningSampler } from '../postgres/sampler.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { matchOf } from './ports.ts';
import type { Recorder } from './recorder.ts';
import type { RunOrders } from './run-orders.ts';

/** What is known of the database once it is watched. */
export type DatabaseFacts = Pick<RunRecord, 'limits' | 'postgres' | 'database_clock'>;

/** Postgres as it is watched. */
export interface Watched {
  readonly facts: DatabaseFacts;
  /** Looks at what still works for the services, until nothing does or the time is up. */
  readonly drain: (limitMs: number, signal: AbortSignal) => Promise<DrainEvent>;
  /** Restarts the server on purpose: what watches it lets go, and comes back. */
  readonly during: <T>(restart: () => Promise<T>) => Promise<T>;
}

/** Starts everything that watches Postgres: all observers are connected before there is any load. */
export async function startObservers(
  { plan, clock }: RunOrders,
  recorder: Recorder,
  teardown: Teardown,
  postgres: RunningPostgres,
): Promise<Watched> {
  const { scenario } = plan;
  const { startSampler } = await import('../postgres/sampler.ts');
  const { startCanary } = await import('../postgres/canary.ts');

  const { openWatchSession } = await import('../postgres/watch-session.ts');
  const { watchLocks } = await import('../postgres/lock-watch.ts');
  const session = await openWatchSession(postgres.monitor);
  teardown.add('stop watching locks', 1_000, () => session.close());
  const locks = watchLocks({ session, clock, onEvent: (event) => recorder.event(event) });
  const ownerOf = ownersIn(scenario);
  const sampler = await startSampler({
    login: postgres.monitor,
    ownerOf,
    everyMs: scenario.sampling.everyMs,
    seed: scenario.seed,
    clock,
    onSample: (head, rows) => {
      recorder.sample(head, rows);
      locks.sampled(rows);
    },
  });
  void sampler.lost.then((why) => recorder.mark('sampler_lost', why));
  teardown.add('stop the sampler', 5_000, async () => recorder.event(await sampler.stop()));

  if (postgres.log !== null)
    await followLog({ clock, recorder, teardown }, postgres.log, sampler.clockOffset);
  const onEvent = (event: RunEvent): void => recorder.event(event);
  const canary = startCanary({ login: postgres.headroom, seed: scenario.seed, clock, onEvent });
  teardown.add('stop the canary', 5_000, () => canary.stop());
  if (scenario.poolers.length > 0) {
    const { watchPoolers } = await import('../postgres/pooler/watch-poolers.ts');
    const poolers = watchPoolers({ poolers: scenario.poolers, clock, onEvent });
    recorder.hear((event) => {
      if (event.kind === 'instance') poolers.instance(event);
    });
    teardown.add('stop looking at poolers', 5_000, () => poolers.stop());
  }
  return {
    facts: {
      limits: postgres.limits,
      postgres: { kind: postgres.kind, version: postgres.version },
      database_clock: sampler.clockOffset,
    },
    during: (restart) =>
      sampler.during(async () => {
        const done = await restart();
        await session.reopen();
        return done;
      }),
    drain: async (limitMs, signal) => {
      const { watchDrain } = await import('../postgres/drain-watch.ts');
      return watchDrain({ session, ownerOf, clock, limitMs }, signal);
    },
  };
}

interface LogWatch {
  readonly clock: RunOrders['clock'];
  readonly recorder: Recorder;
  readonly teardown: Teardown;
}

async function followLog(
  { clock, recorder, teardown }: LogWatch,
  source: LogSource,
  serverClock: RunningSampler['clockOffset'],
): Promise<void> {
  const { followServerLog } = await import('../postgres/server-log.ts');
  const log = await followServerLog({
    source,
    clock,
    serverClock,
    onEvent: (event) => recorder.event(event),
  });
  teardown.add('read the server log to its end', 5_000, async () => {
    await log.stop();
    const gap = log.gap();
    if (gap !== null) recorder.mark('log_incomplete', gap);
  });
}

function ownersIn(scenario: Scenario): SessionOwner {
  return makeSessionOwner(
    scenario.target.services.map(({ name }) => ({ name, match: matchOf(scenario, name) })),
  );
}
