import type { Teardown } from '../base/teardown.ts';
import type { DatabaseAddress, RunningService } from '../platform/platform.ts';
import type { RunningPostgres } from '../postgres/postgres-server.ts';
import { roleOf } from './ports.ts';
import type { ChaosMeans } from './prepare-chaos.ts';
import type { Recorder } from './recorder.ts';
import type { RunOrders } from './run-orders.ts';

/** How long instances get to shut down when the run has ended, and when a person is waiting for it to stop. */
const graceMs = { ended: 10_000, interrupted: 2_000 } as const;

/** Starts the service under test on the database of the run, or reaches it where it already runs. */
export async function startService(
  orders: RunOrders,
  recorder: Recorder,
  teardown: Teardown,
  {
    postgres,
    chaos,
  }: { readonly postgres: RunningPostgres; readonly chaos: Pick<ChaosMeans, 'passwordFiles'> },
): Promise<RunningService> {
  orders.board.enter('starting service');
  const { scenario } = orders.plan;
  const databaseOf = (name: string): DatabaseAddress => {
    const passwordFile = chaos.passwordFiles[name];
    const login = postgres.services[roleOf(scenario, name)] ?? postgres.service;
    return { ...login, ...(passwordFile === undefined ? {} : { passwordFile }) };
  };
  const databases = scenario.target.services.map(({ name }) => [name, databaseOf(name)] as const);
  const service = await orders.ports.platform.start({
    databases: Object.fromEntries(databases),
    clock: orders.clock,
    onEvent: (event) => recorder.event(event),
    signal: orders.signal,
    seed: scenario.seed,
  });
  teardown.add('stop the service', 30_000, () =>
    service.stop(orders.signal.aborted ? graceMs.interrupted : graceMs.ended),
  );
  return service;
}
