import type { RunRecord } from '../evidence/run-record.ts';
import type { RunPlan } from '../plan/run-plan.ts';
import { printCondition } from '../scenario/conditions/condition.ts';
import type { PoolerTarget } from '../scenario/postgres/pooler-target.ts';
import type { ChaosStep } from '../scenario/chaos/chaos-step.ts';
import type { Target } from '../scenario/target/target.ts';

/** What is known about a run before it begins, besides its plan. */
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
    arrivals: scenario.traffic.arrivals.kind,
    routes: scenario.requests.map(({ name, weight, holdMs }) => ({ name, weight, hold_ms: holdMs ?? null })),
    ...plannedRecord(plan),
    load_start_us: null,
    contract: {
      services: [...scenario.contract.services],
      headroom: [...scenario.contract.headroom],
      assumed: [...scenario.contract.assumed],
    },
    limits: plan.limits,
    platform: platformRecord(scenario.target),
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
    ...rulesOf(scenario),
    accept_overcommit: scenario.safety.acceptOvercommit,
    checks: [...plan.checks],
    database_clock: null,
    ended: { how: 'running', at_us: null, reason: null },
  };
}

/** The part of the record that a measured capacity may change. */
export function plannedRecord({
  scheduleHash,
  arrivals,
  phases,
  predictions,
  capacity,
}: RunPlan): Pick<RunRecord, 'schedule' | 'phases' | 'predictions' | 'capacity'> {
  return {
    schedule: { hash: scheduleHash, planned: arrivals.count },
    ...(capacity === undefined ? {} : { capacity: { per_sec: capacity.perSec, by: capacity.by } }),
    phases: phases.map((phase) => ({ ...phase, arrivalsPerRoute: [...phase.arrivalsPerRoute] })),
    predictions: [...predictions],
  };
}

function rulesOf({ assertions, abort }: RunPlan['scenario']): Pick<RunRecord, 'assertions' | 'abort'> {
  return {
    ...(assertions.length === 0
      ? {}
      : {
          assertions: assertions.map(({ condition, severity, because }) => ({
            expr: printCondition(condition),
            severity,
            because,
          })),
        }),
    ...(abort.length === 0
      ? {}
      : { abort: abort.map(({ condition, because }) => ({ when: printCondition(condition), because })) }),
  };
}

function platformRecord(target: Target): RunRecord['platform'] {
  const { service } = target;
  if (target.kind === 'url') return { kind: 'url', service };
  return { kind: 'local', profile: target.emulation.profile, service };
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
