import type { RunRecord } from '../evidence/run-record.ts';
import type { RunPlan } from '../plan/run-plan.ts';
import type { PoolerTarget } from '../scenario/pooler-target.ts';
import type { ChaosStep } from '../scenario/scenario.ts';

/** What is known of a run besides its plan before it begins. */
export interface Circumstances {
  readonly toolVersion: string;
  readonly nodeVersion: string;
  /** ISO 8601. */
  readonly startedAt: string;
  readonly machine: RunRecord['machine'];
}

/** `run.json` as it is written before anything is started. */
export function firstRecord(plan: RunPlan, circumstances: Circumstances): RunRecord {
  const { scenario } = plan;
  return {
    schema_version: 1,
    tool: { name: 'poolproof', version: circumstances.toolVersion, node: circumstances.nodeVersion },
    name: scenario.name,
    started_at: circumstances.startedAt,
    machine: circumstances.machine,
    seed: scenario.seed,
    schedule: { hash: plan.scheduleHash, planned: plan.arrivals.count },
    arrivals: scenario.traffic.arrivals.kind,
    routes: scenario.requests.map(({ name, weight, holdMs }) => ({ name, weight, hold_ms: holdMs ?? null })),
    phases: plan.phases.map((phase) => ({ ...phase, arrivalsPerRoute: [...phase.arrivalsPerRoute] })),
    load_start_us: null,
    contract: {
      services: [...scenario.contract.services],
      headroom: [...scenario.contract.headroom],
      assumed: [...scenario.contract.assumed],
    },
    limits: plan.limits,
    platform: {
      kind: 'local',
      profile: scenario.target.emulation.profile,
      service: scenario.target.service,
    },
    postgres: { kind: scenario.postgres.kind, version: 'unknown' },
    sampling: { every_ms: scenario.sampling.everyMs },
    client: {
      timeout_ms: scenario.client.timeoutMs,
      deadline_ms: scenario.client.deadlineMs,
      retry: scenario.client.retry.name,
      clients: scenario.client.count,
      connections: scenario.client.connections,
      policy: scenario.client.retry,
    },
    max_in_flight: scenario.traffic.maxInFlight,
    ...(scenario.chaos.length === 0 ? {} : { chaos: scenario.chaos.map(chaosRecord) }),
    ...(scenario.poolers.length === 0 ? {} : { poolers: scenario.poolers.map(poolerRecord) }),
    accept_overcommit: scenario.safety.acceptOvercommit,
    checks: [...plan.checks],
    predictions: [...plan.predictions],
    database_clock: null,
    ended: { how: 'running', at_us: null, reason: null },
  };
}

function poolerRecord({
  name,
  service,
  place,
  clients,
}: PoolerTarget): NonNullable<RunRecord['poolers']>[number] {
  return { name, service, per_instance: place.kind === 'container', clients };
}

function chaosRecord({
  id,
  atUs,
  forUs,
  service,
  fault,
}: ChaosStep): NonNullable<RunRecord['chaos']>[number] {
  return { id, at_us: atUs, for_us: forUs, service, fault: { ...fault } };
}
