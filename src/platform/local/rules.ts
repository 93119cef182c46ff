import { z } from 'zod';

/** The constants of Cloud Run's behaviour that the emulator follows. */
export const rulesShape = z.object({
  scalingTickMs: z.number().positive(),
  averageWindowMs: z.number().positive(),
  targetUtilization: z.number().positive().max(1),
  surplusHoldMs: z.number().nonnegative(),
  idleRetentionMs: z.number().nonnegative(),
  minPendingMs: z.number().nonnegative(),
  pendingStartupFactor: z.number().nonnegative(),
  shutdownGraceMs: z.number().nonnegative(),
  maxBodyBytes: z.number().int().positive(),
});

export type Rules = z.infer<typeof rulesShape>;

/** As Google documents them; where nothing is documented, the comment gives the choice. */
export const documentedRules: Rules = {
  /** "Periodically", say the docs; an older page said every 5 s. */
  scalingTickMs: 5_000,
  /** Drivers are averages over one minute. */
  averageWindowMs: 60_000,
  /** Default target of the concurrency driver. */
  targetUtilization: 0.6,
  /** Part of the surplus stops before the 15 minutes are over. When is not documented; here, after one window. */
  surplusHoldMs: 60_000,
  /** An idle instance is kept for up to 15 minutes. */
  idleRetentionMs: 15 * 60_000,
  /** A request waits for an instance for max(10 s, 3.5 x the average startup time). */
  minPendingMs: 10_000,
  pendingStartupFactor: 3.5,
  /** SIGTERM, then SIGKILL. */
  shutdownGraceMs: 10_000,
  /** HTTP/1 requests, and responses of a declared length. */
  maxBodyBytes: 32 * 1024 * 1024,
};
