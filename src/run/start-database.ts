import type { Teardown } from '../base/teardown.ts';
import type { RunRecord } from '../evidence/run-record.ts';
import type { RunningPostgres } from '../postgres/postgres-server.ts';
import { roleOf } from './ports.ts';
import type { Recorder } from './recorder.ts';
import type { RunOrders } from './run-orders.ts';

/** A server under observation, and what is now known of it. */
export interface ObservedDatabase {
  readonly postgres: RunningPostgres;
  readonly facts: Pick<RunRecord, 'limits' | 'postgres' | 'database_clock'>;
}

/** Starts Postgres, then everything that watches it: all observers are connected before there is any load. */
export async function startDatabase(
  orders: RunOrders,
  recorder: Recorder,
  teardown: Teardown,
): Promise<ObservedDatabase> {
  const { plan, clock, ports, signal } = orders;
  const { scenario } = plan;
  const { runSetup } = await import('../postgres/run-setup.ts');
  const { startSampler } = await import('../postgres/sampler.ts');
  const { startCanary } = await import('../postgres/canary.ts');
  const { followServerLog } = await import('../postgres/server-log.ts');

  orders.board.enter('starting postgres');
  const postgres = await ports.postgres.start(signal);
  teardown.add('stop Postgres', 20_000, () => postgres.stop());
  if (scenario.postgres.setupFile !== undefined)
    await runSetup(postgres.service, scenario.postgres.setupFile);

  const sampler = await startSampler({
    login: postgres.monitor,
    serviceByRole: Object.fromEntries(
      scenario.target.services.map(({ name }) => [roleOf(scenario, name), name]),
    ),
    everyMs: scenario.sampling.everyMs,
    seed: scenario.seed,
    clock,
    onSample: (head, rows) => recorder.sample(head, rows),
  });
  void sampler.lost.then((why) => recorder.mark('sampler_lost', why));
  teardown.add('stop the sampler', 5_000, () => sampler.stop());

  if (postgres.logFile !== null) {
    const log = await followServerLog({
      file: postgres.logFile,
      clock,
      serverClock: sampler.clockOffset,
      onEvent: (event) => recorder.event(event),
    });
    teardown.add('read the server log to its end', 5_000, () => log.stop());
  }
  const canary = startCanary({
    login: postgres.headroom,
    seed: scenario.seed,
    clock,
    onEvent: (event) => recorder.event(event),
  });
  teardown.add('stop the canary', 5_000, () => canary.stop());
  return {
    postgres,
    facts: {
      limits: postgres.limits,
      postgres: { kind: scenario.postgres.kind, version: postgres.version },
      database_clock: sampler.clockOffset,
    },
  };
}
