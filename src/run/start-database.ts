import { hide } from '../base/secrets/secrets.ts';
import type { Teardown } from '../base/teardown.ts';
import type { StaticCheck } from '../contract/check-contract.ts';
import type { RunningPostgres } from '../postgres/postgres-server.ts';
import { checkServer } from './check-server.ts';
import type { RunOrders } from './run-orders.ts';

/** Postgres for this run, and what the static checks say about it. */
export interface StartedDatabase {
  readonly postgres: RunningPostgres;
  readonly checks: readonly StaticCheck[];
}

/** Starts or reaches Postgres, checks the budget against it, and sets it up for the service. */
export async function startDatabase(
  { plan, ports, signal, board }: RunOrders,
  teardown: Teardown,
): Promise<StartedDatabase> {
  const { runSetup } = await import('../postgres/run-setup.ts');
  board.enter('starting postgres');
  const postgres = await ports.postgres.start(signal);
  teardown.add('stop Postgres', 20_000, () => postgres.stop());
  hide(passwordsOf(postgres));
  const checks = checkServer(plan, postgres);
  const { setupFile } = plan.scenario.postgres;
  if (setupFile !== undefined) await runSetup(postgres.service, setupFile);
  return { postgres, checks };
}

/** Those made for the run too: a service that can't connect prints its own. */
function passwordsOf({ services, monitor, headroom, neighbor, admin }: RunningPostgres): readonly string[] {
  return [...Object.values(services), monitor, headroom, neighbor, admin].flatMap((login) =>
    login == null ? [] : [login.password],
  );
}
