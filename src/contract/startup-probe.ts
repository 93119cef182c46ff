/** When an instance counts as started. */
export interface StartupProbe {
  readonly kind: 'tcp' | 'http';
  /** Path of an http probe. */
  readonly path?: string;
  readonly initialDelayMs: number;
  readonly periodMs: number;
  readonly timeoutMs: number;
  readonly failureThreshold: number;
}

/** What Cloud Run does when nothing is declared: one long look at the port, given up after four minutes. */
export const defaultStartupProbe: StartupProbe = {
  kind: 'tcp',
  initialDelayMs: 0,
  periodMs: 240_000,
  timeoutMs: 240_000,
  failureThreshold: 1,
};
