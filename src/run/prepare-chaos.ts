import { dirname, resolve } from 'node:path';
import { EnvironmentError } from '../base/errors.ts';
import { endMarked } from '../base/processes/marked-processes.ts';
import { startProcessGuard } from '../base/process-guard.ts';
import type { Teardown } from '../base/teardown.ts';
import { makeCommandRunner, type CommandRunner } from '../chaos/command-runner.ts';
import type { DatabaseTarget } from '../chaos/database-target.ts';
import { makeUndoJournal, type UndoJournal } from '../chaos/undo-journal.ts';
import type { RunningControl } from '../postgres/control/control.ts';
import type { Login, RunningPostgres } from '../postgres/postgres-server.ts';
import { faultNeeds, restoresCredentials } from '../scenario/chaos/faults.ts';
import type { ChaosStep } from '../scenario/chaos/chaos-step.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { makeCredentialFiles } from './credential-files.ts';
import { databaseTarget } from './database-target.ts';
import { roleOf } from './ports.ts';
import type { RunOrders } from './run-orders.ts';

/** What chaos needs to have ready before the service starts. */
export interface ChaosMeans {
  readonly database: DatabaseTarget | null;
  readonly journal: UndoJournal;
  readonly commands: CommandRunner;
  /** Where each service can re-read its password, by the service's name. */
  readonly passwordFiles: Readonly<Record<string, string>>;
}

/** Opens the sessions that faults on the database need, before any load. Refuses what could never be inflicted. */
export async function prepareChaos(
  { plan: { scenario }, folder }: RunOrders,
  teardown: Teardown,
  postgres: RunningPostgres,
  during: <T>(restart: () => Promise<T>) => Promise<T>,
): Promise<ChaosMeans> {
  refuseImpossible(scenario.chaos, postgres);
  const has = (is: (kind: string) => boolean): boolean => scenario.chaos.some(({ fault }) => is(fault.kind));
  const changesPasswords = has(restoresCredentials);
  const guard = changesPasswords || has((kind) => kind === 'exec') ? startProcessGuard() : null;
  teardown.add('let the guard of the chaos go', 2_000, async () => {
    if (guard === null) return;
    await endMarked(guard.mark);
    guard.dismiss();
  });
  const logins = loginsOf(scenario, postgres);
  const credentials = await makeCredentialFiles(changesPasswords ? logins : {}, guard);
  teardown.add('remove the credentials', 2_000, () => credentials.remove());
  const control = has((kind) => faultNeeds(kind, 'admin_role'))
    ? await openControl(scenario, postgres, logins)
    : null;
  if (control !== null) teardown.add('end the sessions of the chaos', 10_000, () => control.stop());
  return {
    database: control === null ? null : databaseTarget(postgres, control, { credentials, during }),
    journal: makeUndoJournal(folder, await firstJournal(scenario, postgres, control)),
    commands: makeCommandRunner({
      cwd: resolve(dirname(scenario.file)),
      secrets: scenario.secrets,
      guard,
    }),
    passwordFiles: credentials.paths,
  };
}

function refuseImpossible(steps: readonly ChaosStep[], { admin, processes }: RunningPostgres): void {
  const problems = steps.flatMap(({ id, fault: { kind } }) => {
    if (admin === null && faultNeeds(kind, 'admin_role'))
      return [{ message: `${id} needs a role that may administer the database, and there is none` }];
    if (processes === null && faultNeeds(kind, 'processes'))
      return [{ message: `${id} needs the processes of the server, which are out of reach` }];
    return [];
  });
  if (problems.length > 0) throw new EnvironmentError(problems);
}

function loginsOf(scenario: Scenario, postgres: RunningPostgres): Readonly<Record<string, Login>> {
  return Object.fromEntries(
    scenario.target.services.map(({ name }) => [
      name,
      postgres.services[roleOf(scenario, name)] ?? postgres.service,
    ]),
  );
}

async function openControl(
  { chaos }: Scenario,
  { admin, headroom, neighbor, processes }: RunningPostgres,
  services: Readonly<Record<string, Login>>,
): Promise<RunningControl | null> {
  if (admin === null) return null;
  const { startControl } = await import('../postgres/control/control.ts');
  return startControl({
    admin,
    neighbour: neighbor ?? (isService(headroom, services) ? admin : headroom),
    services,
    holders: chaos.filter(({ fault }) => faultNeeds(fault.kind, 'holder')).map(({ service }) => service),
    processes,
  });
}

/** A neighbour with a service's role would be counted as that service. */
function isService({ user }: Login, services: Readonly<Record<string, Login>>): boolean {
  return Object.values(services).some((login) => login.user === user);
}

async function firstJournal(
  { file }: Scenario,
  { service: { host, port } }: RunningPostgres,
  control: RunningControl | null,
): Promise<Parameters<typeof makeUndoJournal>[1]> {
  const system_identifier = (await control?.look(systemIdentifier).catch(() => []))?.[0]?.['id'] ?? null;
  const server = control === null ? null : { host, port, system_identifier };
  return { schema_version: 1, scenario: resolve(file), server, entries: [] };
}

/** What tells one cluster from another. */
export const systemIdentifier = 'select system_identifier::text as id from pg_control_system()';
