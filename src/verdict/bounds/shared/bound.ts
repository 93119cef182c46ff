import type { Loss } from '../../../evidence/evidence.ts';
import type { GuardId } from '../../guards/guards.ts';
import type { RunFacts } from '../../facts/run-facts.ts';
import type { ServiceFacts } from '../../facts/service-facts.ts';

/** Three-valued, with a sampled PASS kept apart, and a value for "does not apply here". */
type Status = 'PASS' | 'PASS_SAMPLED' | 'FAIL' | 'INCONCLUSIVE' | 'NOT_APPLICABLE';

type Severity = 'hard' | 'soft';

/** The two questions that a verdict answers. */
export type Answer = 'bounded' | 'fast_failing';

/** The proof of a FAIL: enough to check it again by itself. */
export interface Witness {
  /** Microseconds since the run's origin; equal for a moment. */
  readonly fromUs: number;
  readonly toUs: number;
  /** What was seen, in one sentence with numbers. */
  readonly what: string;
}

/** What a bound says of a run. */
export interface BoundResult {
  readonly status: Status;
  readonly severity: Severity;
  /** The worst value seen, null when nothing was seen. */
  readonly value: number | null;
  readonly limit: number | null;
  readonly unit: 'sessions' | 'ms' | 'count' | 'instances' | 'ratio' | 'per_sec';
  /** One sentence: what was seen, or which evidence is missing. */
  readonly reason: string;
  readonly witness: Witness | null;
  /** How many observations stand behind it. */
  readonly n: number;
  /** Share of the judged time that was observed, 0..1; null where time is not what is judged. */
  readonly coverage: number | null;
  /** How sure n clean observations make us of the share that is judged, 0..1; null where no share is judged. */
  readonly confidence: number | null;
}

/** One bound: a promise of the contract turned into a predicate over evidence. */
export interface Bound<Id extends string = string> {
  readonly id: Id;
  readonly name: string;
  /** The promise in plain words. */
  readonly title: string;
  /** What is true where it holds, in one sentence. */
  readonly meaning: string;
  /** How much a violation weighs; where the rule that was broken decides, what it decides by. */
  readonly severity: Severity | { readonly depends: string };
  /** Which of the two answers it decides; null for one that only degrades. */
  readonly answer: Answer | null;
  /** Emulated: its numbers depend on when instances start, and on how long the platform keeps requests waiting. */
  readonly provenance: 'observed' | 'emulated';
  /** Whether a violation means that the database, or somebody else at it, is hurt. */
  readonly isPain: boolean;
  /** Its part in the headline: a promise is named when it was kept, a claim comes first where a neighbour is to blame. */
  readonly headline: 'claim' | 'promise' | null;
  /** A required bound that is INCONCLUSIVE makes the verdict INCONCLUSIVE. */
  readonly required: boolean;
  /**
   * Which recordings a PASS and a FAIL rest on; all of them unless given. Where one of these is damaged, the result is not
   * known: a PASS may have missed what is gone, a FAIL may come from what is gone (a session whose close is lost never
   * ends, a request whose first attempt is lost has no retry).
   */
  readonly restsOn?: {
    readonly pass: readonly Loss['of'][];
    readonly fail: readonly Loss['of'][];
  };
  /**
   * What a stall of the harness may falsify: the times that it takes itself, or how long the links saw something last.
   * Absent where neither decides: counts, and ages by the server's own clock.
   */
  readonly stalledBy?: 'times' | 'stretches';
  /** Guards that, broken, turn a result other than FAIL into INCONCLUSIVE. */
  readonly needs: readonly GuardId[];
  judge(run: RunFacts, service: ServiceFacts): BoundResult;
}

/**
 * Guards that every bound needs: what was planned was sent (V02), nobody changed what is judged (V06), the clients kept
 * to their policy (V11), and requests asked for what the service has (V13).
 */
export const always = ['V02', 'V06', 'V11', 'V13'] as const satisfies readonly GuardId[];
