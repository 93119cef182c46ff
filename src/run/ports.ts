import type { ProcessGuard } from '../base/process-guard.ts';
import type { SessionMatch } from '../contract/contract.ts';
import type { Platform } from '../platform/platform.ts';
import type { PostgresServer } from '../postgres/postgres-server.ts';
import { isForeign } from '../scenario/postgres/postgres-target.ts';
import type { Scenario } from '../scenario/scenario.ts';

/** The adapters that a scenario needs. */
export interface Ports {
  readonly postgres: PostgresServer;
  readonly platform: Platform;
  /** Stops what is left when this process is killed. */
  readonly guard: Pick<ProcessGuard, 'lost'>;
}

/** Chooses the adapters and loads them alone: the packages of the others are never imported. */
export async function portsFor(scenario: Scenario, guard: ProcessGuard): Promise<Ports> {
  return {
    postgres: await serverFor(scenario, guard),
    platform: await platformFor(scenario, guard),
    guard,
  };
}

async function platformFor({ target }: Scenario, guard: ProcessGuard): Promise<Platform> {
  if (target.kind === 'url') {
    const { makeUrlPlatform } = await import('../platform/url/url-platform.ts');
    return makeUrlPlatform(target);
  }
  const { makeLocalPlatform } = await import('../platform/local/local-platform.ts');
  return makeLocalPlatform(target, guard);
}

async function serverFor(scenario: Scenario, guard: ProcessGuard): Promise<PostgresServer> {
  const { postgres } = scenario;
  if (isForeign(postgres)) {
    const { makeUrlServer } = await import('../postgres/url/url-server.ts');
    return makeUrlServer(postgres);
  }
  const { maxConnections } = postgres;
  const orders = { maxConnections, serviceRoles: rolesOf(scenario), guard };
  if (postgres.kind === 'container') {
    const { makeContainerServer } = await import('../postgres/container/container-server.ts');
    return makeContainerServer({ ...orders, image: postgres.image });
  }
  const { makeEmbeddedServer } = await import('../postgres/embedded/embedded-server.ts');
  return makeEmbeddedServer(orders);
}

/** The roles of the services that run here. The driven service's comes first, because it owns the database. */
function rolesOf(scenario: Scenario): readonly [string, ...string[]] {
  const { service, services } = scenario.target;
  const others = services.filter(({ name }) => name !== service);
  return [roleOf(scenario, service), ...others.map(({ name }) => roleOf(scenario, name))];
}

/** The role that a service logs in as: its own name unless the contract says otherwise. */
export function roleOf(scenario: Scenario, service: string): string {
  return matchOf(scenario, service).role;
}

/** How the sessions of a service are recognised. */
export function matchOf({ contract }: Scenario, service: string): SessionMatch & { readonly role: string } {
  const declared = contract.services.find(({ name }) => name === service)?.match;
  return { ...declared, role: declared?.role ?? service };
}
