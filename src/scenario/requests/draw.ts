/** What a request is filled for. The same draw gives the same request, on any thread. */
export interface Draw {
  /** Number of the arrival in the plan, from 0. */
  readonly arrival: number;
  /** Number of the simulated client, from 0. */
  readonly client: number;
  /** Number of the arrival among those of its route, from 0. */
  readonly nth: number;
}

/** Fills something for a draw. */
export type Fill = (draw: Draw) => string;
