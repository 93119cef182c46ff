import { stringify } from 'yaml';
import { redact } from '../base/redact.ts';
import { trim } from '../base/units.ts';
import type { Contract, ServiceContract } from '../contract/contract.ts';
import { durationOf, effectiveTarget } from './effective-target.ts';
import { faultForms } from './fault-forms.ts';
import type { ChaosStep, Phase, RequestSpec, Scenario } from './scenario.ts';

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
    target: { local: effectiveTarget(scenario.target) },
    postgres: {
      embedded: { max_connections: scenario.postgres.maxConnections, setup: scenario.postgres.setupFile },
    },
    traffic: {
      arrivals: scenario.traffic.arrivals,
      max_in_flight: scenario.traffic.maxInFlight,
      phases: scenario.traffic.phases.map(phaseOf),
    },
    requests: scenario.requests.map(requestOf),
    client: {
      timeout: durationOf(scenario.client.timeoutMs),
      deadline: durationOf(scenario.client.deadlineMs),
      retry: scenario.client.retry,
    },
    ...(scenario.chaos.length === 0 ? {} : { chaos: scenario.chaos.map(stepOf) }),
    sampling: { every: durationOf(scenario.sampling.everyMs) },
    safety: {
      allow_hosts: [...scenario.safety.allowHosts],
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
  const { role, applicationName, database } = service.match;
  const match = { role, application_name: applicationName, database };
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
    },
  };
}

function phaseOf(phase: Phase): object {
  return {
    name: phase.name,
    duration: durationOf(phase.durationMs),
    rate: rateOf(phase.ratePerSec),
    ...(phase.rampToPerSec === undefined ? {} : { ramp_to: rateOf(phase.rampToPerSec) }),
    stress: phase.stress,
  };
}

function requestOf(request: RequestSpec): object {
  return {
    name: request.name,
    weight: request.weight,
    [request.method.toLowerCase()]: request.path,
    ...(Object.keys(request.headers).length > 0 ? { headers: { ...request.headers } } : {}),
    ...(request.body === undefined ? {} : { body: request.body }),
    ...(request.holdMs === undefined ? {} : { hold: durationOf(request.holdMs) }),
    expect: {
      ...(request.expect.status.length > 0 ? { status: [...request.expect.status] } : {}),
      body_not_empty: request.expect.bodyNotEmpty,
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

function rateOf(perSec: number): string {
  return `${trim(perSec, 6)}/s`;
}
