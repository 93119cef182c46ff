/** Whom to kill, how, and when: milliseconds from the moment that load was announced. */
export interface KillOrder {
  readonly scenario: string;
  readonly target: string;
  readonly way: string;
  readonly afterMs: number;
}

/** What was left of a run in which something was killed. */
export interface KillEnd {
  /** Whether there was something to kill. */
  readonly hit: boolean;
  /** What the command line exited with, or `judge` where the command line was killed; "hung" if it did not end. */
  readonly exit: number | string | null;
  readonly said: string;
  /** Processes that ran on, and folders in TMPDIR. */
  readonly left: readonly string[];
  readonly folders: readonly string[];
  readonly verdict: string | null;
  readonly failing: readonly string[];
  /** The run's folder. */
  readonly folder: string | undefined;
  /** Where all of this run is. */
  readonly root: string;
}

export declare const targets: readonly string[];
export declare const waysToKill: readonly string[];
export declare function killOnce(order: KillOrder): Promise<KillEnd>;
