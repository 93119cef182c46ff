/** What a made-up run looks like. */
export interface Shape {
  readonly name: string;
  readonly seed: number;
  readonly loadStartUs: number;
  readonly baselineS: number;
  readonly stressS: number;
  readonly recoveryS: number;
  readonly baseRate: number;
  readonly stressRate: number;
  /** N and P of the contract; how many instances really came up. */
  readonly maxInstances: number;
  readonly instances: number;
  readonly poolMax: number;
  readonly startupMs: number;
  readonly maxConnections: number;
  /** Sessions that Postgres gives the service at most. */
  readonly sessionCap: number;
  readonly clientTimeoutMs: number;
  /** Share of each outcome in each phase; the rest is ok. */
  readonly mix: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

/** The safe profile: pools saturate, what is too much is refused at once, everything recovers. */
export const safeShape: Shape = {
  name: 'burst',
  seed: 42,
  loadStartUs: 4_200_000,
  baselineS: 20,
  stressS: 20,
  recoveryS: 35,
  baseRate: 20,
  stressRate: 200,
  maxInstances: 5,
  instances: 5,
  poolMax: 4,
  startupMs: 850,
  maxConnections: 100,
  sessionCap: 97,
  clientTimeoutMs: 35_000,
  mix: { burst: { shed: 0.34, pool_timeout: 0.06 } },
};

/** The bad profile: a wide fleet with deep pools takes every slot, and Postgres refuses. */
export const brokenShape: Shape = {
  ...safeShape,
  name: 'burst-unbudgeted',
  maxInstances: 30,
  instances: 14,
  poolMax: 10,
  sessionCap: 97,
  clientTimeoutMs: 5000,
  mix: { burst: { db_error: 0.31, client_timeout: 0.04, platform: 0.05, dropped: 0.02, unfinished: 0.004 } },
};

/** Ten minutes at the rates of the safe profile. */
export const longShape: Shape = { ...safeShape, name: 'long', baselineS: 120, stressS: 120, recoveryS: 360 };
