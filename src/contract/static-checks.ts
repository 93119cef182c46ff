/** A finding that needs no traffic: arithmetic and contradictions in what was declared. */
export interface StaticCheck {
  readonly id: string;
  /** A refusal stops the run (exit 2) unless overcommitment was accepted in words and the check says that may be. */
  readonly level: 'ok' | 'warning' | 'refusal';
  /** The sum, written out. */
  readonly message: string;
  /** True where `accept_overcommit` lifts the refusal. */
  readonly overcommit: boolean;
}
