import type { Teardown } from '../base/teardown.ts';
import type { RunRecord } from '../evidence/run-record.ts';
import type { RunningPostgres } from '../postgres/postgres-server.ts';
import { roleOf } from './ports.ts';
import type { Recorder } from './recorder.ts';
import type { RunOrders } from './run-orders.ts';

/** What is known of the database once it is watched. */
export type DatabaseFacts = Pick<RunRecord, 'limits' | 'postgres' | 'database_clock'>;

/** Starts everything that watches Postgres: all observers are connected before there is any load. */
export async function startObservers(
  { plan, clock }: RunOrders,
  recorder: Recorder,
  teardown: Teardown,
  postgres: RunningPostgres,
): Promise<DatabaseFacts> {
  const { scenario } = plan;
  const { startSampler } = await import('../postgres/sampler.ts');
  const { startCanary } = await import('../postgres/canary.ts');
  const { followServerLog } = await import('../postgres/server-log.ts');

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

  if (postgres.log !== null) {
    const log = await followServerLog({
      source: postgres.log,
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
    limits: postgres.limits,
    postgres: { kind: postgres.kind, version: postgres.version },
    database_clock: sampler.clockOffset,
  };
}
