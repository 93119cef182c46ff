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
  const serviceRole = serviceOf(scenario).match.role ?? scenario.target.service;
  return {
    postgres: makeEmbeddedServer({ maxConnections: scenario.postgres.maxConnections, serviceRole, guard }),
    platform: makeLocalPlatform(guard),
  };
}

/** The contract of the service that the scenario drives. */
export function serviceOf(scenario: Scenario): Scenario['contract']['services'][0] {
  const [first, ...rest] = scenario.contract.services;
  return [first, ...rest].find((service) => service.name === scenario.target.service) ?? first;
}
