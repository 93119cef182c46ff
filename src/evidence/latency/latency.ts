import { floatsOf } from '../../base/floats.ts';
import { outcomes, type Attempt, type Outcome } from '../attempt.ts';
import { percentilesOfSome, type Percentiles } from './percentiles.ts';

/** Latency of the attempts of one phase that ended in one way. */
export interface Latency {
  readonly phase: string;
  readonly outcome: Outcome;
  readonly n: number;
  /** From the intended start: what a caller would have seen. */
  readonly responseMs: Percentiles;
  /** From the actual start: what the service did. */
  readonly serviceMs: Percentiles;
}

/**
 * Latency for each phase and outcome, in the order in which the phases appear and in that of `outcomes`.
 * Attempts that never ended are left out; one that the client gave up on counts
 * with the time until it was given up, which is less than it would have taken.
 */
export function latencyByPhase(attempts: readonly Attempt[]): readonly Latency[] {
  return endedByPhase(attempts).map(({ phase, outcome, members }) => ({
    phase,
    outcome,
    n: members.length,
    responseMs: percentilesOfSome(floatsOf(members, lastedMs)),
    serviceMs: percentilesOfSome(floatsOf(members, servedMs)),
  }));
}

function lastedMs({ endedUs, intendedUs }: Ended): number {
  return (endedUs - intendedUs) / 1000;
}

function servedMs({ endedUs, sentUs }: Ended): number {
  return (endedUs - sentUs) / 1000;
}

/** An attempt that came to an end. */
export type Ended = Attempt & { readonly endedUs: number };

/** Those of one phase that ended in one way, at least one. */
interface Group {
  readonly phase: string;
  readonly outcome: Outcome;
  readonly members: readonly Ended[];
}

/** In the order in which the phases appear and in that of `outcomes`. */
export function endedByPhase(attempts: readonly Attempt[]): readonly Group[] {
  const phases = new Map<string, Map<Outcome, Ended[]>>();
  for (const attempt of attempts) {
    if (!isEnded(attempt)) continue;
    const phase = phases.get(attempt.phase) ?? new Map<Outcome, Ended[]>();
    phases.set(attempt.phase, phase);
    const members = phase.get(attempt.outcome);
    if (members === undefined) phase.set(attempt.outcome, [attempt]);
    else members.push(attempt);
  }
  return [...phases].flatMap(([phase, byOutcome]) =>
    outcomes.flatMap((outcome) => {
      const members = byOutcome.get(outcome);
      return members === undefined ? [] : [{ phase, outcome, members }];
    }),
  );
}

function isEnded(attempt: Attempt): attempt is Ended {
  return attempt.endedUs !== null;
}
