import type { RunFacts } from '../../facts/run-facts.ts';
import type { ServiceFacts } from '../../facts/service-facts.ts';

/** Three-valued, with the sampled kind of PASS told apart, and a value for "does not apply here". */
type Status = 'PASS' | 'PASS_SAMPLED' | 'FAIL' | 'INCONCLUSIVE' | 'NOT_APPLICABLE';

type Severity = 'hard' | 'soft';

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
  /** How sure so many clean observations make us of the share that is judged, 0..1; null where no share is. */
  readonly confidence: number | null;
}

/** One bound: a promise of the contract turned into a predicate over evidence. */
export interface Bound {
  readonly id: string;
  readonly name: string;
  /** A required bound that is INCONCLUSIVE makes the verdict INCONCLUSIVE. */
  readonly required: boolean;
  /** Guards that, broken, turn a result other than FAIL into INCONCLUSIVE. */
  readonly needs: readonly string[];
  judge(run: RunFacts, service: ServiceFacts): BoundResult;
}

/**
 * Guards that every bound needs: what was planned was sent (V02), nobody changed what is judged (V06), the clients kept
 * to their policy (V11), and requests asked for what the service has (V13).
 */
export const always = ['V02', 'V06', 'V11', 'V13'] as const;
