/** A check of one container: startup, liveness or readiness. */
export interface Probe {
  readonly kind: 'tcp' | 'http';
  /** The container's own port; null: the port that takes requests. */
  readonly port: number | null;
  /** Path of an http probe. */
  readonly path?: string;
  /** Headers of an http probe. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly initialDelayMs: number;
  readonly periodMs: number;
  readonly timeoutMs: number;
  readonly failureThreshold: number;
}

/** What Cloud Run does when nothing is declared: one long look at the port, given up after four minutes. */
export const defaultStartupProbe: Probe = {
  kind: 'tcp',
  port: null,
  initialDelayMs: 0,
  periodMs: 240_000,
  timeoutMs: 240_000,
  failureThreshold: 1,
};
