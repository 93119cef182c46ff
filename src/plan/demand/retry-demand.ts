import { trim } from '../../base/units.ts';
import type { Client, RetryPolicy } from '../../scenario/clients/client.ts';
import type { Scenario } from '../../scenario/scenario.ts';
import { makeFleet } from './fleet.ts';
import { holdTimeOf } from './hold-time.ts';
import { peakRate } from '../planned-phases.ts';
import { layeredAmplification } from '../queueing/elementary.ts';
import { drivenContract } from '../../scenario/target/driven.ts';
import type { PlannedPhase, Prediction } from '../run-plan.ts';

/**
 * What the clients' retries can turn every phase into: the attempts at its highest rate when all of them fail, and
 * whether such a retry storm could sustain itself at the phase's mean rate. It can if attempts are served even though
 * their callers have left (the wasted-work model): a storm of lambda x m keeps a service of capacity cap down for as
 * long as lambda x m >= cap, whatever brought it down first. Nothing for clients that do not retry.
 */
export function predictRetries(scenario: Scenario, phases: readonly LoadedPhase[]): Prediction[] {
  const { client, requests } = scenario;
  if (worstAttempts(client.retry) === 1) return [];
  const loaded = phases.filter((phase) => peakRate(phase) > 0);
  const hold = holdTimeOf(requests);
  const capacity = hold === null ? null : makeFleet(drivenContract(scenario), hold).capacityPerSec;
  return [
    ...loaded.slice(0, 1).map((phase) => mostAttempts(phase, client)),
    ...loaded.flatMap((phase) => [
      stormRate(phase, client, stormOf(peakRate(phase), client)),
      ...(capacity === null
        ? []
        : [vulnerability(phase, client, stormOf(meanRate(phase), client), capacity)]),
    ]),
  ];
}

type LoadedPhase = Pick<PlannedPhase, 'name' | 'peakPerSec' | 'ratePerSec' | 'rampToPerSec'>;

/** m^layers. */
function worstAttempts({ maxAttempts, layers }: RetryPolicy): number {
  return layeredAmplification(maxAttempts, layers);
}

/** The mean of a ramp is halfway between its ends. */
function meanRate({ ratePerSec, rampToPerSec }: LoadedPhase): number {
  return (ratePerSec + rampToPerSec) / 2;
}

/** Attempts per second when all of them fail. */
interface Storm {
  /** Requests per second: lambda. */
  readonly ratePerSec: number;
  /** Before any budget is used up: lambda x m^layers. */
  readonly fullPerSec: number;
  /** What a budget lets through in the long run; the same without a budget. */
  readonly lastingPerSec: number;
}

function stormOf(ratePerSec: number, { retry, count }: Client): Storm {
  const fullPerSec = ratePerSec * worstAttempts(retry);
  const budget = retry.budget;
  if (budget === null) return { ratePerSec, fullPerSec, lastingPerSec: fullPerSec };
  // Tokens come only from successes: when all attempts fail, they run out.
  const retriesPerSec =
    budget.kind === 'ratio' ? budget.ratio * ratePerSec + budget.minRetriesPerSec * count : 0;
  return { ratePerSec, fullPerSec, lastingPerSec: Math.min(fullPerSec, ratePerSec + retriesPerSec) };
}

function mostAttempts(phase: LoadedPhase, { retry, timeoutMs, deadlineMs }: Client): Prediction {
  const most = worstAttempts(retry);
  const sum =
    retry.layers === 1
      ? `${most} attempts`
      : `${retry.maxAttempts} attempts in each of ${retry.layers} layers = ${retry.maxAttempts}^${retry.layers} = ${most} attempts`;
  const tooLate =
    retry.retryOn.timeout && timeoutMs >= deadlineMs
      ? '; a timeout comes after the deadline and is never retried'
      : '';
  return {
    id: 'retry_worst_attempts',
    phase: phase.name,
    value: most,
    unit: 'ratio',
    statement: `a request that always fails is made ${sum} at most (retry ${retry.name}), fewer where the deadline comes first${tooLate}`,
  };
}

function stormRate(phase: LoadedPhase, { retry, count }: Client, storm: Storm): Prediction {
  const { ratePerSec, fullPerSec, lastingPerSec } = storm;
  const sum = `if every attempt fails: ${trim(ratePerSec, 2)}/s x ${worstAttempts(retry)} = ${trim(fullPerSec, 2)} attempts/s`;
  const held = `; the budget of each of ${count} clients holds that to ${trim(lastingPerSec, 2)}/s once it is used up`;
  return {
    id: 'retry_storm_rate',
    phase: phase.name,
    value: fullPerSec,
    unit: 'per_sec',
    statement: lastingPerSec < fullPerSec ? `${sum}${held}` : sum,
  };
}

function vulnerability(
  phase: LoadedPhase,
  client: Client,
  { ratePerSec, lastingPerSec }: Storm,
  capacity: number,
): Prediction {
  const words = wordsOf(ratePerSec, capacity, recoveryThreshold(capacity, client));
  const value = lastingPerSec / capacity;
  return {
    id: 'retry_vulnerability',
    phase: phase.name,
    value,
    unit: 'ratio',
    statement: `storm over capacity: ${trim(lastingPerSec, 2)} / ${trim(capacity, 2)} = ${trim(value, 2)}: ${words}`,
  };
}

/** Stable: even the storm stays under capacity. Vulnerable: the storm does not, though the load alone does. */
function wordsOf(ratePerSec: number, capacity: number, threshold: number): string {
  if (ratePerSec >= capacity) return 'over capacity without any retry';
  return ratePerSec < threshold
    ? 'stable: no storm of retries can keep it down'
    : `vulnerable: a trigger may keep it down, until the load falls below ${trim(threshold, 2)}/s`;
}

/**
 * The load under which every storm dies down: the lasting storm min(lambda m, lambda (1 + ratio) + n min) is less than
 * cap. Token and quota budgets let nothing through in the long run when all attempts fail.
 */
function recoveryThreshold(capacity: number, { retry, count }: Client): number {
  const unlimited = capacity / worstAttempts(retry);
  const { budget } = retry;
  if (budget === null) return unlimited;
  if (budget.kind !== 'ratio') return capacity;
  return Math.max(unlimited, (capacity - budget.minRetriesPerSec * count) / (1 + budget.ratio));
}
