import type { Contract, ServiceContract } from '../../contract/contract.ts';

/** The merged contract, every default written out. */
export function effectiveContract(contract: Contract): object {
  const slots = (purpose: string): number =>
    contract.headroom.filter((line) => line.purpose === purpose).reduce((sum, line) => sum + line.slots, 0);
  return {
    services: contract.services.map(serviceOf),
    database: {
      reserved_headroom_for_admin_and_migrations: slots('admin_and_migrations'),
      reserved_headroom_for_other_services: slots('other_services'),
    },
  };
}

function serviceOf(service: ServiceContract): object {
  const { role, applicationName, database, clientAddress } = service.match;
  const match = { role, application_name: applicationName, database, client_address: clientAddress };
  return {
    name: service.name,
    max_instances: service.maxInstances,
    min_instances: service.minInstances,
    container_concurrency: service.containerConcurrency,
    app_workers_per_instance: service.workersPerInstance,
    request_timeout_seconds: service.requestTimeoutMs / 1000,
    rollout_overlap: service.rolloutOverlap,
    background_sessions: service.backgroundSessions,
    ...(Object.keys(service.match).length > 0 ? { match } : {}),
    database: {
      app_pool_max: service.poolMax,
      app_pool_min: service.poolMin,
      acquire_timeout_ms: service.acquireTimeoutMs,
      statement_timeout_ms: service.statementTimeoutMs,
      ...(service.idleTimeoutMs === undefined ? {} : { idle_timeout_ms: service.idleTimeoutMs }),
      ...(service.maxLifetimeMs === undefined ? {} : { max_lifetime_ms: service.maxLifetimeMs }),
    },
  };
}
