import { formatMs, trim } from '../../base/units.ts';
import type { Attempt } from '../../evidence/attempt.ts';
import type { RunRecord } from '../../evidence/run-record.ts';
import { backoffsOf, roundingMs, type Backoff } from '../facts/requests/client-policy.ts';
import type { RunFacts } from '../facts/run-facts.ts';
import type { Guard, GuardResult } from './guard.ts';
import { uniformP } from '../statistics/kolmogorov.ts';

/*
 * The clients did what was declared. A client that retries more often or sooner than its policy allows makes a storm
 * of the harness's own:
 *
 *     attempts of a request <= maxAttempts ^ layers
 *     retries of all        <= what the clients' budgets give
 *     each backoff          within the range of its law
 *     all backoffs          spread as the law says: the Kolmogorov-Smirnov test, p > 0.001
 *
 * Where the deadline cuts a range, long waits are missing by design: such backoffs are left out of the test. A budget
 * by ratio gives each client a share of its requests and a reserve with every `ttl`, one by quota what it has at first
 * and what successes bring; for gRPC's tokens there is no such sum.
 *
 * Broken, this is a defect of the harness, whatever the service did.
 */

export interface PolicyInput {
  readonly backoffs: readonly Backoff[];
  /** The most attempts of one request, and how many are allowed. */
  readonly mostAttempts: number;
  readonly allowedAttempts: number;
  readonly retries: number;
  /** Null where there is no such sum. */
  readonly allowedRetries: number | null;
}

const leastP = 0.001;
/** Fewer say nothing about a law. */
const leastPlaces = 20;

export function checkPolicy(input: PolicyInput): GuardResult {
  const { backoffs, mostAttempts, allowedAttempts, retries, allowedRetries } = input;
  const base = { limit: allowedAttempts, value: mostAttempts, unit: 'count', disturbanceMs: null } as const;
  const no = (reason: string): GuardResult => ({
    ...base,
    ok: false,
    reason: `a defect of the harness: ${reason}`,
  });
  if (mostAttempts > allowedAttempts)
    return no(`${mostAttempts} attempts of one request, the policy allows ${allowedAttempts}`);
  if (allowedRetries !== null && retries > allowedRetries)
    return no(`${retries} retries, the budgets give ${Math.floor(allowedRetries)}`);
  const stray = backoffs.find(
    ({ waitedMs, lowMs, highMs }) => waitedMs < lowMs - roundingMs || waitedMs > highMs + roundingMs,
  );
  if (stray !== undefined)
    return no(
      `attempt ${stray.attempt} of arrival ${stray.arrival} waited ${formatMs(stray.waitedMs)}, its policy says ${formatMs(stray.lowMs)} to ${formatMs(stray.highMs)}`,
    );
  const places = backoffs.flatMap(({ place }) => (place === null ? [] : [place]));
  const p = places.length < leastPlaces ? null : uniformP(places);
  if (p !== null && p <= leastP)
    return no(`${places.length} backoffs are not spread as the policy says (p ${p.toExponential(1)})`);
  if (retries === 0) return { ...base, ok: true, reason: 'nobody tried again' };
  const spread = p === null ? '' : `, spread as it says (p ${trim(p, 3)} of ${places.length})`;
  return { ...base, ok: true, reason: `${retries} retries, each within its policy${spread}` };
}

export const clientPolicy = {
  id: 'V11',
  name: 'client-policy',
  title: 'clients kept to their policy',
  meaning: 'Clients retried as often as their policy says, and no sooner.',
  provenance: 'observed',
  check: ({ evidence, load }: RunFacts) => {
    const { client } = evidence.run;
    const chains = chainsOf(evidence.attempts);
    const retries = chains.reduce(
      (sum, chain) =>
        sum + chain.filter(({ attempt, outcome }) => attempt > 1 && outcome !== 'dropped').length,
      0,
    );
    const mostAttempts = chains.reduce((most, chain) => Math.max(most, chain.at(-1)?.attempt ?? 1), 1);
    const { policy } = client;
    const seconds = load === null ? 0 : (evidence.run.ended.at_us ?? load.toUs) - load.fromUs;
    return checkPolicy({
      backoffs: chains.flatMap((chain) => backoffsOf(chain, policy, client.deadline_ms)),
      mostAttempts,
      allowedAttempts: policy.maxAttempts ** policy.layers,
      retries,
      allowedRetries: allowedRetries(client, evidence.attempts, seconds / 1e6),
    });
  },
} as const satisfies Guard;

/** The attempts of every request that had more than one, in order. */
function chainsOf(attempts: readonly Attempt[]): readonly (readonly Attempt[])[] {
  const chains = new Map<number, Attempt[]>();
  for (const one of attempts) if (one.attempt > 1) chains.set(one.arrival, []);
  if (chains.size === 0) return [];
  for (const one of attempts) chains.get(one.arrival)?.push(one);
  return [...chains.values()].map((chain) => chain.sort((a, b) => a.attempt - b.attempt));
}

function allowedRetries(
  client: RunRecord['client'],
  attempts: readonly Attempt[],
  seconds: number,
): number | null {
  const { clients } = client;
  const { budget } = client.policy;
  if (budget === null || budget.kind === 'tokens') return null;
  if (budget.kind === 'ratio') {
    const first = attempts.filter(({ attempt }) => attempt === 1).length;
    return budget.ratio * first + clients * budget.minRetriesPerSec * (seconds + budget.ttlMs / 1000);
  }
  const successes = attempts.filter(({ status }) => status !== null && status < 400).length;
  const cost = Math.min(budget.retryCost, budget.timeoutRetryCost);
  return cost === 0 ? null : (clients * budget.initialTokens + successes * budget.successRefill) / cost;
}
