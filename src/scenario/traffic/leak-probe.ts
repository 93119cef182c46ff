/** As many requests at once as the pools should have sessions, once all is quiet: what leaked is missing then. */
export interface LeakProbe {
  /** Index into `requests`. */
  readonly route: number;
  /** How long each of them holds its session. */
  readonly holdMs: number;
}
