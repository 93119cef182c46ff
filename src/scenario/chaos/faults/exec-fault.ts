/** A command of the person's own. */
export interface ExecFault {
  readonly kind: 'exec';
  readonly command: readonly [string, ...string[]];
  /** Takes it back; null where nothing does. */
  readonly undo: readonly [string, ...string[]] | null;
  readonly timeoutMs: number;
}
