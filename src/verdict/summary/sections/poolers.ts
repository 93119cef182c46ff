import type { RunFacts } from '../../facts/run-facts.ts';
import { poolersSeen, type PoolerFacts } from '../../facts/platform/pooler-facts.ts';
import { round } from '../../../base/floats.ts';
import type { Summary } from '../summary.ts';

type Pooler = Summary['poolers'][number];

/**
 * The second layer of the budget, where there is a pooler:
 *
 *   server side   (pool size + reserve) x pools x poolers <= the service's claim
 *   client side   connections that may come to one pooler  <= max_client_conn
 */
export function poolersIn(run: RunFacts): Summary['poolers'] {
  return poolersSeen(run).map((seen) => ({
    name: seen.declared.name,
    service: seen.declared.service,
    per_instance: seen.declared.per_instance,
    mode: seen.limits?.mode ?? null,
    looks: seen.looks.length,
    failed: seen.failed,
    server: serverLine(seen, claimOf(run, seen.declared.service)),
    client: clientLine(seen, run),
    waiting_peak: seen.waitingPeak,
    longest_wait_ms: seen.longestWaitMs === null ? null : round(seen.longestWaitMs),
    query_wait_ms: seen.limits?.query_wait_ms ?? null,
    ...(seen.comers.length === 0 ? {} : { comers: [...seen.comers] }),
  }));
}

function serverLine({ limits, pools, poolers, serversPeak }: PoolerFacts, claim: number): Pooler['server'] {
  if (!limits) return { sum: null, predicted: null, limit: claim, fits: null, peak: serversPeak };
  const { pool_size: size, reserve } = limits;
  const predicted = (size + reserve) * pools * poolers;
  const each = reserve === 0 ? String(size) : `(${size} + ${reserve})`;
  const fits = predicted <= claim;
  const sum = `${each} x ${pools} x ${poolers} = ${predicted} ${fits ? '<=' : '>'} ${claim}`;
  return { sum, predicted, limit: claim, fits, peak: serversPeak };
}

function clientLine(seen: PoolerFacts, run: RunFacts): Pooler['client'] {
  const { declared, limits, clientsPeak: peak } = seen;
  const limit = limits?.max_clients ?? null;
  const comers = declared.per_instance ? 1 : instancesOf(run, declared.service);
  if (declared.clients === null || limit === null)
    return { sum: null, predicted: null, limit, fits: null, peak };
  const predicted = declared.clients * comers;
  const fits = predicted <= limit;
  const sum = `${declared.clients} x ${comers} = ${predicted} ${fits ? '<=' : '>'} ${limit}`;
  return { sum, predicted, limit, fits, peak };
}

function claimOf({ budget }: RunFacts, service: string): number {
  return budget.services.find(({ name }) => name === service)?.claim ?? budget.claim;
}

function instancesOf({ record }: RunFacts, service: string): number {
  return record.contract.services.find(({ name }) => name === service)?.maxInstances ?? 1;
}
