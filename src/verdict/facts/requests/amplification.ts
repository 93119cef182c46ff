import type { Attempt } from '../../../evidence/attempt.ts';
import type { LogicalRequest } from '../../../evidence/logical-requests.ts';
import { groupOf } from '../../../evidence/outcome-group.ts';
import type { RunRecord } from '../../../evidence/run-record.ts';

/** What the arrivals of one phase came to, whenever their retries were sent. */
export interface Amplification {
  readonly phase: string;
  /** Arrivals that were sent. */
  readonly requests: number;
  readonly attempts: number;
  readonly retries: number;
  /** Retries that were due and not sent, because too many attempts were in flight. */
  readonly retriesDropped: number;
  /** Attempts for each request; null without requests. */
  readonly client: number | null;
  /** Share of the first attempts that did not end ok; null without requests. */
  readonly firstFailed: number | null;
}

interface AmplificationInput {
  readonly phases: readonly { readonly name: string }[];
  readonly requestsByPhase: ReadonlyMap<string, readonly LogicalRequest[]>;
  readonly attemptsByPhase: ReadonlyMap<string, readonly Attempt[]>;
}

/** The clients' amplification, phase by phase. It compares only at the same share of failures. */
export function amplificationOf({
  phases,
  requestsByPhase,
  attemptsByPhase,
}: AmplificationInput): readonly Amplification[] {
  return phases.map(({ name }) => {
    const requests = requestsByPhase.get(name) ?? [];
    const retries = (attemptsByPhase.get(name) ?? []).filter(({ attempt }) => attempt > 1);
    const dropped = retries.filter(({ outcome }) => outcome === 'dropped').length;
    const sent = retries.length - dropped;
    const failed = requests.filter(({ firstOutcome }) => isFailed(groupOf(firstOutcome))).length;
    const share = (count: number): number | null => (requests.length === 0 ? null : count / requests.length);
    return {
      phase: name,
      requests: requests.length,
      attempts: requests.length + sent,
      retries: sent,
      retriesDropped: dropped,
      client: share(requests.length + sent),
      firstFailed: share(failed),
    };
  });
}

/** Whether the clients of a run retry. */
export function clientsRetry({ client }: RunRecord): boolean {
  return client.policy.maxAttempts > 1;
}

function isFailed(group: ReturnType<typeof groupOf>): boolean {
  return group === 'refused' || group === 'failed';
}
