import type { Teardown } from '../base/teardown.ts';
import type { RunningPostgres } from '../postgres/postgres-server.ts';
import type { RunOrders } from './run-orders.ts';

/** Starts or reaches Postgres, and prepares it for the service. */
export async function startDatabase(
  { plan, ports, signal, board }: RunOrders,
  teardown: Teardown,
): Promise<RunningPostgres> {
  const { runSetup } = await import('../postgres/run-setup.ts');
  board.enter('starting postgres');
  const postgres = await ports.postgres.start(signal);
  teardown.add('stop Postgres', 20_000, () => postgres.stop());
  const { setupFile } = plan.scenario.postgres;
  if (setupFile !== undefined) await runSetup(postgres.service, setupFile);
  return postgres;
}
