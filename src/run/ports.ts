import type { ProcessGuard } from '../base/process-guard.ts';
import type { Platform } from '../platform/platform.ts';
import type { PostgresServer } from '../postgres/postgres-server.ts';
import type { Scenario } from '../scenario/scenario.ts';

/** The adapters that a scenario asks for. */
export interface Ports {
  readonly postgres: PostgresServer;
  readonly platform: Platform;
}

/** Chooses and loads the adapters; the others' packages are never imported. */
export async function portsFor(scenario: Scenario, guard: ProcessGuard): Promise<Ports> {
  const { makeEmbeddedServer } = await import('../postgres/embedded/embedded-server.ts');
  const { makeLocalPlatform } = await import('../platform/local/local-platform.ts');
  const serviceRoles = rolesOf(scenario);
  return {
    postgres: makeEmbeddedServer({ maxConnections: scenario.postgres.maxConnections, serviceRoles, guard }),
    platform: makeLocalPlatform(guard),
  };
}

/** The roles of the services that are run, the driven one's first: it owns the database. */
function rolesOf(scenario: Scenario): readonly [string, ...string[]] {
  const { service, services } = scenario.target;
  const others = services.filter(({ name }) => name !== service);
  return [roleOf(scenario, service), ...others.map(({ name }) => roleOf(scenario, name))];
}

/** The role that a service logs in as: its own name, unless the contract says another. */
export function roleOf({ contract }: Scenario, service: string): string {
  return contract.services.find(({ name }) => name === service)?.match.role ?? service;
}
