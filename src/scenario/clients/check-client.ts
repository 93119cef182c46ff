import type { Problem } from '../../base/errors.ts';
import { formatMs } from '../../base/units.ts';
import type { YamlFile, YamlPath } from '../../base/yaml.ts';
import { kindsIn } from './budget-codec.ts';
import type { ClientInFile } from './client-codec.ts';
import { grpcMostAttempts } from './client-policies.ts';
import { makeRetry, type RetryInFile } from './retry-codec.ts';
import type { RetryPolicy } from './client.ts';

/** What no shape can check of `client:`, and warnings about what is read but not done as written. */
export interface CheckedClient {
  readonly problems: readonly Problem[];
  readonly warnings: readonly string[];
}

/** The most attempts for one request; more are a slip: 5 layers of 3 attempts are 243. */
const mostAttempts = 1000;

/** The place of a problem, below `client`. */
type At = (...path: YamlPath) => Pick<Problem, 'place'>;

/** Checks how the keys of `client:` go together. */
export function checkClient(given: ClientInFile, source: YamlFile): CheckedClient {
  const policy = makeRetry(given.retry);
  const at: At = (...path) => ({ place: source.placeOf(['client', ...path]) });
  return {
    problems: [
      ...countProblems(given, policy, at),
      ...backoffProblems(policy, at),
      ...budgetProblems(given.retry, policy, at),
      ...layerProblems(policy, at),
    ],
    warnings: clampWarnings(given.retry),
  };
}

/** What each client has of its own means nothing without the number of clients. */
function countProblems(given: ClientInFile, { budget }: RetryPolicy, at: At): readonly Problem[] {
  if (given.clients !== undefined) return [];
  const hint = 'add clients: to client';
  const isWritten = typeof given.retry === 'object' && given.retry.budget !== undefined;
  const place = isWritten ? at('retry', 'budget') : at('retry');
  return [
    ...(budget === null ? [] : [{ message: 'a retry budget is per client: say how many', hint, ...place }]),
    ...(given.cookies === true
      ? [{ message: 'cookies are per client: say how many', hint, ...at('cookies') }]
      : []),
  ];
}

function backoffProblems({ backoff, throttledInitialMs }: RetryPolicy, at: At): readonly Problem[] {
  const firsts = [
    { name: 'initial', ms: backoff.initialMs },
    { name: 'throttled_initial', ms: throttledInitialMs ?? 0 },
  ];
  return firsts
    .filter(({ ms }) => ms > backoff.maxMs)
    .map(({ name, ms }) => ({
      message: `client.retry.backoff: ${name} is ${formatMs(ms)}, more than max with ${formatMs(backoff.maxMs)}`,
      ...at('retry', 'backoff'),
    }));
}

function budgetProblems(given: RetryInFile | undefined, policy: RetryPolicy, at: At): readonly Problem[] {
  const written = typeof given === 'object' ? given.budget : undefined;
  const place = at('retry', 'budget');
  if (typeof written === 'object' && kindsIn(written).length !== 1) {
    const message = `client.retry.budget: needs the keys of one kind, ${kindsIn(written).length === 0 ? 'has none' : 'has those of several'}`;
    return [{ message, hint: 'ratio, or max_tokens, or initial_tokens, and what goes with it', ...place }];
  }
  return isNeverEnough(policy.budget)
    ? [{ message: 'client.retry.budget: never allows a retry', hint: 'retry: none says so', ...place }]
    : [];
}

function isNeverEnough(budget: RetryPolicy['budget']): boolean {
  if (budget?.kind === 'ratio') return budget.ratio === 0 && budget.minRetriesPerSec === 0;
  if (budget?.kind === 'quota')
    return budget.initialTokens < Math.min(budget.retryCost, budget.timeoutRetryCost);
  return false;
}

function layerProblems({ maxAttempts, layers }: RetryPolicy, at: At): readonly Problem[] {
  const most = maxAttempts ** layers;
  if (most <= mostAttempts) return [];
  const message = `client.retry: ${maxAttempts} attempts in each of ${layers} layers are ${most} for one request, more than ${mostAttempts}`;
  return [{ message, ...at('retry', 'layers') }];
}

/** gRPC itself lowers a greater number to its maximum without a word. */
function clampWarnings(given: RetryInFile | undefined): readonly string[] {
  if (typeof given !== 'object' || given.policy !== 'grpc') return [];
  const wanted = given.max_attempts ?? 0;
  if (wanted <= grpcMostAttempts) return [];
  return [
    `client.retry.max_attempts: a gRPC client makes at most ${grpcMostAttempts} attempts, so ${wanted} is taken as ${grpcMostAttempts}`,
  ];
}
