import type { Teardown } from '../base/teardown.ts';
import type { DrainEvent, RunEvent } from '../evidence/event.ts';
import { makeSessionOwner, placesAsked } from '../contract/session-owner.ts';
import type { RunRecord } from '../evidence/run-record.ts';
import type { LogSource, Login, RunningPostgres } from '../postgres/postgres-server.ts';
import type { RunningSampler } from '../postgres/sampler.ts';
import type { WatchSession } from '../postgres/watch-session.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { matchOf } from './ports.ts';
import type { Recorder } from './recorder.ts';
import type { RunOrders } from './run-orders.ts';

/** What is known about the database once it is watched. */
export type DatabaseFacts = Pick<RunRecord, 'limits' | 'postgres' | 'database_clock'>;

/** Postgres under observation. */
export interface Watched {
  readonly facts: DatabaseFacts;
  /** Watches the services' statements until none is running or the time is up. */
  readonly drain: (limitMs: number, signal: AbortSignal) => Promise<DrainEvent>;
  /** Restarts the server on purpose: the observers let go of it and reconnect. */
  readonly during: <T>(restart: () => Promise<T>) => Promise<T>;
}

/** Starts everything that watches Postgres; all observers are connected before any load. */
export async function startObservers(
  { plan, clock, signal }: RunOrders,
  recorder: Recorder,
  teardown: Teardown,
  postgres: RunningPostgres,
): Promise<Watched> {
  const { scenario } = plan;
  const { startSampler } = await import('../postgres/sampler.ts');
  const { openWatchSession } = await import('../postgres/watch-session.ts');
  const { watchLocks } = await import('../postgres/lock-watch.ts');
  const session = await openWatchSession(postgres.monitor);
  teardown.add('stop watching locks', 1_000, () => session.close());
  const locks = watchLocks({ session, clock, onEvent: (event) => recorder.event(event) });
  const services = scenario.target.services.map(({ name }) => ({ name, match: matchOf(scenario, name) }));
  const ownerOf = makeSessionOwner(services);
  const sampler = await startSampler({
    login: postgres.monitor,
    ownerOf,
    asked: placesAsked(services),
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
    await followLog({ clock, signal, recorder, teardown }, postgres.log, sampler.clockOffset);
  const roles = services.map(({ match }) => match.role);
  await followSettings({ clock, recorder, teardown }, session, roles);
  await startCanaries({ clock, recorder, teardown }, postgres, scenario.seed);
  if (scenario.poolers.length > 0) await followPoolers({ clock, recorder, teardown }, scenario.poolers);
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

interface Watching {
  readonly clock: RunOrders['clock'];
  readonly recorder: Recorder;
  readonly teardown: Teardown;
}

/** Faults that change the settings, or the server they are read from. */
const settingFaults = ['db.max_connections', 'db.role_limit', 'db.restart'];

async function followSettings(
  { clock, recorder, teardown }: Watching,
  session: WatchSession,
  roles: readonly string[],
): Promise<void> {
  const { watchSettings } = await import('../postgres/settings-watch.ts');
  const onEvent = (event: RunEvent): void => recorder.event(event);
  const settings = await watchSettings({ session, roles, clock, onEvent });
  recorder.hear((event) => {
    if (event.kind !== 'fault' || !settingFaults.includes(event.fault)) return;
    if (event.state === 'confirmed' || event.state === 'undone') settings.again();
  });
  teardown.add('read the settings once more', 10_000, () => settings.stop());
}

async function startCanaries(
  { clock, recorder, teardown }: Watching,
  { headroom, neighbor = null }: RunningPostgres,
  seed: number,
): Promise<void> {
  const { startCanary } = await import('../postgres/canary.ts');
  const onEvent = (event: RunEvent): void => recorder.event(event);
  const start = (role: 'headroom' | 'neighbor', login: Login): void => {
    const canary = startCanary({ role, login, seed, clock, onEvent });
    teardown.add(`stop the ${role} canary`, 5_000, () => canary.stop());
  };
  start('headroom', headroom);
  if (neighbor !== null) start('neighbor', neighbor);
}

async function followPoolers(
  { clock, recorder, teardown }: Watching,
  targets: Scenario['poolers'],
): Promise<void> {
  const { watchPoolers } = await import('../postgres/pooler/watch-poolers.ts');
  const onEvent = (event: RunEvent): void => recorder.event(event);
  const poolers = watchPoolers({ poolers: targets, clock, onEvent });
  recorder.hear((event) => {
    if (event.kind === 'instance') poolers.instance(event);
  });
  teardown.add('stop looking at poolers', 5_000, () => poolers.stop());
}

interface LogWatch extends Watching {
  readonly signal: AbortSignal;
}

async function followLog(
  { clock, signal, recorder, teardown }: LogWatch,
  source: LogSource,
  serverClock: RunningSampler['clockOffset'],
): Promise<void> {
  const { followServerLog } = await import('../postgres/server-log.ts');
  const log = await followServerLog({
    source,
    clock,
    serverClock,
    onEvent: (event) => recorder.event(event),
    signal,
  });
  // Something else writes the export: it may take as long as the scenario allows.
  const waitMs = source.kind === 'export' ? source.waitMs : 0;
  teardown.add('read the server log to its end', 5_000 + waitMs, async () => {
    await log.stop();
    const gap = log.gap();
    if (gap !== null) recorder.mark('log_incomplete', gap);
  });
}
