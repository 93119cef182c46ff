import { formatMs, trim } from '../base/units.ts';
import type { Client, RetryBudget, RetryPolicy } from '../scenario/clients/client.ts';

/** How the simulated clients behave, in a line. */
export function clientWords(client: Client): string {
  const { count, timeoutMs, deadlineMs, connections, cookies, idToken, retry } = client;
  return [
    ...(count === 1 ? [] : [`${count} clients`]),
    `timeout ${formatMs(timeoutMs)}`,
    `deadline ${formatMs(deadlineMs)}`,
    ...(connections === 'fresh' ? ['a connection for every attempt'] : []),
    ...(cookies ? ['cookies'] : []),
    ...(idToken === null ? [] : [`ID token for ${idToken.audience}`]),
    `retry ${retryWords(retry)}`,
  ].join(', ');
}

/** "custom: 3 attempts, 50 ms to 2 s (none), ratio budget": what decides how much worse a failure gets. */
function retryWords({ name, maxAttempts, layers, backoff, budget, retryAfter }: RetryPolicy): string {
  if (maxAttempts * layers === 1) return 'none';
  const { initialMs, maxMs, jitter } = backoff;
  const pause = maxMs === 0 ? 'at once' : `after ${formatMs(initialMs)} to ${formatMs(maxMs)}`;
  const law = jitter === 'none' ? '' : ` (${jitter} jitter)`;
  const after = retryAfter === 'ignore' ? '' : `, Retry-After ${retryAfter}`;
  const attempts = layers === 1 ? `${maxAttempts}` : `${maxAttempts}^${layers} = ${maxAttempts ** layers}`;
  return `${name}: ${attempts} attempts, ${pause}${law}${after}, ${budgetWords(budget)}`;
}

function budgetWords(budget: RetryBudget | null): string {
  if (budget === null) return 'no budget';
  if (budget.kind === 'ratio')
    return `budget ${trim(100 * budget.ratio, 1)} % + ${trim(budget.minRetriesPerSec, 2)}/s a client`;
  if (budget.kind === 'tokens') return `budget ${budget.maxTokens} tokens, ${budget.tokenRatio} a success`;
  return `budget ${budget.initialTokens} tokens, ${budget.retryCost} a retry, ${budget.successRefill} a success`;
}
