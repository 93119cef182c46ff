import { formatMs } from '../../base/units.ts';
import type { Diagnosis } from './shared/diagnosis.ts';
import type { RunFacts } from '../facts/run-facts.ts';
import type { ServiceFacts } from '../facts/service-facts.ts';

/*
 * Sessions stand `idle in transaction`, waiting for the client, for longer than a request may wait for a session, or
 * than B14 allows: a transaction is held open across something other than database work, such as a downstream call.
 */

export const idleInTransaction = {
  id: 'D06',
  title: 'a transaction stays open across a call to somewhere else',
  question: 'held',
  diagnose: ({ run, service, pain, results }) => {
    const { acquireMs, claim } = service.thresholds;
    const seen = idleSamples(run, service);
    const broken = results.get('B14');
    const limitMs = broken?.status === 'FAIL' ? Math.min(acquireMs, broken.limit ?? acquireMs) : acquireMs;
    const old = seen.filter(({ oldestMs }) => oldestMs > limitMs);
    if (old.length === 0) return null;
    const oldestMs = old.reduce((most, sample) => Math.max(most, sample.oldestMs), 0);
    const most = seen.reduce((peak, sample) => Math.max(peak, sample.count), 0);
    const states = [...(pain?.states ?? [])];
    const sampled = sumOf(states);
    const heldCount = sumOf(states.filter(([state]) => isIdleInTransaction(state)));
    return {
      confidence: old.length >= 3 ? 'medium' : 'low',
      lever: 'move the call out of the transaction: take the session late, give it back before calling',
      evidence: [
        `idle in transaction for up to ${formatMs(oldestMs)}, longer than ${limitMs < acquireMs ? 'the' : 'the acquire timeout of'} ${formatMs(limitMs)}${limitMs < acquireMs ? ' that are allowed' : ''}, in ${old.length} samples`,
        `up to ${most} sessions at once were idle in transaction`,
        ...(sampled === 0
          ? []
          : [`right after the first violation ${heldCount} of ${sampled} sessions were idle in transaction`]),
      ],
      confirm: 'make the downstream call slower: the age of idle transactions must follow it',
      whatIf: [
        {
          change: 'sessions held for database time only (the claim stays, fewer are busy)',
          claim,
          planned: run.budget.planned,
          fits: run.budget.fitsSteady,
        },
      ],
    };
  },
} as const satisfies Diagnosis;

function idleSamples(
  { samples }: RunFacts,
  { contract }: ServiceFacts,
): readonly { readonly count: number; readonly oldestMs: number }[] {
  return samples.flatMap(({ rows }) => {
    const idle = rows.filter((row) => row.service === contract.name && isIdleInTransaction(row.state ?? ''));
    if (idle.length === 0) return [];
    return {
      count: idle.reduce((sum, row) => sum + row.count, 0),
      oldestMs: idle.reduce((most, row) => Math.max(most, row.maxStateMs ?? 0), 0),
    };
  });
}

function sumOf(states: readonly (readonly [string, number])[]): number {
  return states.reduce((sum, [, count]) => sum + count, 0);
}

function isIdleInTransaction(state: string): boolean {
  return state.startsWith('idle in transaction');
}
