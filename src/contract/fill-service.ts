import type { Problem } from '../base/errors.ts';
import type { ServiceContract } from './contract.ts';
import type { ServiceDraft, SettingKey, Sourced } from './service-draft.ts';

/** A service's contract with every gap filled, and which ones were. */
export interface FilledService {
  readonly service: ServiceContract;
  readonly assumed: readonly string[];
  readonly problems: readonly Problem[];
}

/** What holds where nobody declared anything. How wide a fleet and a pool may be is never assumed. */
const defaults = {
  min_instances: 0,
  container_concurrency: 80,
  app_workers_per_instance: 1,
  request_timeout_seconds: 30,
  background_sessions: 0,
  app_pool_min: 0,
  acquire_timeout_ms: 1000,
  statement_timeout_ms: 5000,
} as const;

/** Fills a draft. `impliedOverlap` is what the platform's own cap makes of rollout overlap. */
export function fillService(draft: ServiceDraft, impliedOverlap?: number): FilledService {
  const name = draft.name?.value ?? 'service';
  const assumed: string[] = draft.name === undefined ? [`${name}.name`] : [];
  const problems: Problem[] = [];
  const given = (key: SettingKey): number | undefined => draft.settings.get(key)?.value;
  const assume = (key: SettingKey, value: number): number => {
    const declared = given(key);
    if (declared === undefined) assumed.push(`${name}.${key}`);
    return declared ?? value;
  };
  const need = (key: 'max_instances' | 'app_pool_max'): number => {
    const declared = given(key);
    if (declared === undefined) problems.push(missing(name, key, draft));
    return declared ?? 1;
  };
  const [idleTimeoutMs, maxLifetimeMs] = [given('idle_timeout_ms'), given('max_lifetime_ms')];
  const service = {
    name,
    maxInstances: need('max_instances'),
    minInstances: assume('min_instances', defaults.min_instances),
    containerConcurrency: assume('container_concurrency', defaults.container_concurrency),
    workersPerInstance: assume('app_workers_per_instance', defaults.app_workers_per_instance),
    poolMax: need('app_pool_max') + draft.secondPools.reduce((total, size) => total + size, 0),
    poolMin: assume('app_pool_min', defaults.app_pool_min),
    backgroundSessions: assume('background_sessions', defaults.background_sessions),
    rolloutOverlap: given('rollout_overlap') ?? impliedOverlap ?? assume('rollout_overlap', 1),
    acquireTimeoutMs: assume('acquire_timeout_ms', defaults.acquire_timeout_ms),
    statementTimeoutMs: assume('statement_timeout_ms', defaults.statement_timeout_ms),
    requestTimeoutMs: msOf(assume('request_timeout_seconds', defaults.request_timeout_seconds)),
    ...(idleTimeoutMs === undefined ? {} : { idleTimeoutMs }),
    ...(maxLifetimeMs === undefined ? {} : { maxLifetimeMs }),
    match: draft.match,
  };
  return { service, assumed, problems: [...problems, ...orderProblems(draft)] };
}

/** To the microsecond: 256.79 s times 1000 would be 256790.00000000003 ms. */
function msOf(seconds: number): number {
  return Math.round(seconds * 1_000_000) / 1000;
}

const sources = {
  max_instances: 'max_instances in the contract, or autoscaling.knative.dev/maxScale in service.yaml',
  app_pool_max: 'app_pool_max in the contract, or DB_POOL_MAX in the environment of service.yaml',
};

function missing(name: string, key: 'max_instances' | 'app_pool_max', draft: ServiceDraft): Problem {
  const message = `${name}: ${key} is missing; without it there is no claim to prove`;
  return { message, place: draft.place, hint: `declare ${sources[key]}` };
}

function orderProblems({ settings }: ServiceDraft): readonly Problem[] {
  return [
    ...aboveMax(
      'min_instances',
      settings.get('min_instances'),
      'max_instances',
      settings.get('max_instances'),
    ),
    ...aboveMax('app_pool_min', settings.get('app_pool_min'), 'app_pool_max', settings.get('app_pool_max')),
  ];
}

function aboveMax(
  minKey: string,
  min: Sourced<number> | undefined,
  maxKey: string,
  max: Sourced<number> | undefined,
): readonly Problem[] {
  if (min === undefined || max === undefined || min.value <= max.value) return [];
  return [{ message: `${minKey} ${min.value} is more than ${maxKey} ${max.value}`, place: min.place }];
}
