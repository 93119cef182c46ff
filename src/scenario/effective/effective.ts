import { stringify } from 'yaml';
import { redact } from '../../base/redact.ts';
import type { Contract, ServiceContract } from '../../contract/contract.ts';
import { effectiveCalibrate, effectiveLeakProbe } from './effective-beside.ts';
import { effectiveAborts, effectiveAssertions } from '../conditions/effective-rules.ts';
import { effectiveClient } from '../clients/effective-client.ts';
import { effectiveData } from '../data/effective-data.ts';
import { effectivePooler } from '../postgres/pooler-effective.ts';
import { effectivePostgres } from '../postgres/effective-postgres.ts';
import { effectiveRequest } from '../requests/effective-request.ts';
import { durationOf, effectiveTarget } from '../target/effective-target.ts';
import { effectiveTraffic } from '../traffic/effective-traffic.ts';
import { faultForms } from '../chaos/faults/fault-forms.ts';
import type { ChaosStep, Scenario } from '../scenario.ts';

/**
 * `effective.yaml`: the scenario as it was really run, in its own language: merged with the contract and with
 * service.yaml, every default written out, every secret value blotted out.
 */
export function effectiveYaml(scenario: Scenario): string {
  const language = {
    version: 1,
    name: scenario.name,
    seed: scenario.seed,
    contract: contractOf(scenario.contract),
    target: effectiveTarget(scenario.target),
    postgres: effectivePostgres(scenario.postgres),
    ...(scenario.poolers.length === 0 ? {} : { poolers: scenario.poolers.map(effectivePooler) }),
    ...(scenario.calibrate === undefined ? {} : { calibrate: effectiveCalibrate(scenario.calibrate) }),
    traffic: effectiveTraffic(scenario.traffic),
    requests: scenario.requests.map(effectiveRequest),
    ...(Object.keys(scenario.data).length === 0 ? {} : { data: effectiveData(scenario.data) }),
    client: effectiveClient(scenario.client),
    ...(scenario.chaos.length === 0 ? {} : { chaos: scenario.chaos.map(stepOf) }),
    ...(scenario.leakProbe === undefined
      ? {}
      : { leak_probe: effectiveLeakProbe(scenario.leakProbe, scenario.requests) }),
    ...(scenario.assertions.length === 0 ? {} : { assertions: effectiveAssertions(scenario.assertions) }),
    ...(scenario.abort.length === 0 ? {} : { abort: effectiveAborts(scenario.abort) }),
    sampling: { every: durationOf(scenario.sampling.everyMs) },
    safety: {
      allow_hosts: [...scenario.safety.allowHosts],
      deny_hosts: [...scenario.safety.denyHosts],
      allow_exec: scenario.safety.allowExec,
      allow_destructive: [...scenario.safety.allowDestructive],
      accept_overcommit: scenario.safety.acceptOvercommit,
    },
  };
  const head = `# ${scenario.file} as it was run; commands and paths are relative to its folder.\n`;
  return (
    head + stringify(redact(language, scenario.secrets), { aliasDuplicateObjects: false, lineWidth: 110 })
  );
}

function contractOf(contract: Contract): object {
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

function stepOf({ atUs, forUs, service, fault }: ChaosStep): object {
  return {
    at: durationOf(atUs / 1000),
    ...(forUs === null ? {} : { for: durationOf(forUs / 1000) }),
    do: fault.kind,
    with: faultForms[fault.kind].write(fault),
    service,
  };
}
