import type { ContractFile, LongForm, ServiceInFile } from './contract-file.ts';
import type { Contract, HeadroomLine, ServiceContract, SessionMatch } from './contract.ts';

/** The contract as it would be written down, every default written out. The inverse of reading and merging it. */
export function writeContract({ services, headroom }: Contract): ContractFile {
  const slots = (purpose: HeadroomLine['purpose']): number =>
    headroom.filter((line) => line.purpose === purpose).reduce((sum, line) => sum + line.slots, 0);
  const written: LongForm = {
    services: services.map((service) => ({ name: service.name, ...writeService(service) })),
    database: {
      reserved_headroom_for_admin_and_migrations: slots('admin_and_migrations'),
      reserved_headroom_for_other_services: slots('other_services'),
    },
  };
  return written as ContractFile;
}

/** The pools of a process are written as one, of their size together. */
function writeService(service: ServiceContract): Omit<ServiceInFile, 'name'> {
  return {
    max_instances: service.maxInstances,
    min_instances: service.minInstances,
    container_concurrency: service.containerConcurrency,
    app_workers_per_instance: service.workersPerInstance,
    request_timeout_seconds: service.requestTimeoutMs / 1000,
    rollout_overlap: service.rolloutOverlap,
    background_sessions: service.backgroundSessions,
    match: writeMatch(service.match),
    database: {
      app_pool_max: service.poolMax,
      app_pool_min: service.poolMin,
      acquire_timeout_ms: service.acquireTimeoutMs,
      statement_timeout_ms: service.statementTimeoutMs,
      idle_timeout_ms: service.idleTimeoutMs,
      max_lifetime_ms: service.maxLifetimeMs,
    },
  };
}

function writeMatch(match: SessionMatch): ServiceInFile['match'] {
  if (Object.keys(match).length === 0) return undefined;
  const { role, applicationName, database, clientAddress } = match;
  return { role, application_name: applicationName, database, client_address: clientAddress };
}
