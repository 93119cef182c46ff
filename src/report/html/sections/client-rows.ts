import { formatMs, trim } from '../../../base/units.ts';
import type { RunRecord } from '../../../evidence/run-record.ts';
import { grouped, percent } from '../../words.ts';

type Client = RunRecord['client'];
type Policy = Client['policy'];

/** How the simulated clients behaved: what they waited for, and what they did about a failure. */
export function clientRows(client: Client): readonly (readonly [string, string])[] {
  const { policy, clients, connections } = client;
  return [
    ['clients', grouped(clients)],
    ['connections', connectionWords[connections]],
    ['client timeout', `${formatMs(client.timeout_ms)} an attempt`],
    ['client deadline', `${formatMs(client.deadline_ms)} a request`],
    ['retries', client.retry],
    ...(policy.maxAttempts === 1 ? [] : policyRows(policy)),
  ];
}

const connectionWords = { keep_alive: 'kept alive', fresh: 'a fresh one for every attempt' } as const;

function policyRows(policy: Policy): readonly (readonly [string, string])[] {
  const { maxAttempts, layers, retryAfter, budget } = policy;
  const most = `up to ${maxAttempts} of a request, the first included`;
  return [
    ['attempts', layers === 1 ? most : `${most}; ${layers} such loops around each other`],
    ['backoff', backoffWords(policy)],
    ['tried again', retryOnWords(policy.retryOn)],
    ['Retry-After', retryAfterWords[retryAfter]],
    ['retry budget', budget === null ? 'none' : budgetWords(budget)],
  ];
}

function backoffWords({ backoff, throttledInitialMs }: Policy): string {
  const { initialMs, maxMs, multiplier, jitter } = backoff;
  const throttled =
    throttledInitialMs === null ? '' : `, from ${formatMs(throttledInitialMs)} after 429 or 503`;
  return `${formatMs(initialMs)} × ${trim(multiplier, 2)} up to ${formatMs(maxMs)}${throttled}, jitter ${jitter}`;
}

function retryOnWords({ statuses, connect, timeout }: Policy['retryOn']): string {
  const ends = [
    ...statuses.map(String),
    ...(connect ? ['no connection, or a broken one'] : []),
    ...(timeout ? ['timeout'] : []),
  ];
  return ends.length === 0 ? 'nothing' : ends.join(', ');
}

const retryAfterWords = {
  ignore: 'ignored',
  minimum: 'not sooner than it says',
  exact: 'exactly when it says',
} as const satisfies Record<Policy['retryAfter'], string>;

function budgetWords(budget: NonNullable<Policy['budget']>): string {
  switch (budget.kind) {
    case 'ratio':
      return `${percent(budget.ratio)} of the requests of the last ${formatMs(budget.ttlMs)}, and ${grouped(budget.minRetriesPerSec)} a second anyway, each client`;
    case 'tokens':
      return `${grouped(budget.maxTokens)} tokens: a failure takes 1, a success gives ${trim(budget.tokenRatio, 3)}, none while half are gone, each client`;
    case 'quota':
      return `${grouped(budget.initialTokens)} tokens: a retry takes ${grouped(budget.retryCost)}, after a timeout ${grouped(budget.timeoutRetryCost)}, a success gives ${grouped(budget.successRefill)}, each client`;
  }
}
