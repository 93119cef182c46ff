/** Flags of `run`. */
export interface RunFlags {
  readonly out: string;
  readonly seed?: number;
  readonly acceptOvercommit?: boolean;
  readonly strict?: boolean;
  readonly progress: 'auto' | 'tty' | 'plain' | 'json' | 'none';
  readonly quiet?: boolean;
  readonly color: boolean;
}

/** Flags of `judge`. */
export interface JudgeFlags {
  readonly strict?: boolean;
  readonly color: boolean;
}
