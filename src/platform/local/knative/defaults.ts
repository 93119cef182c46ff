/** How often a Knative fleet is decided about. */
export const knativeTickMs = 2_000;

/** The numbers Knative is shipped with. Rates, thresholds and utilizations are ratios. */
export const knativeDefaults = {
  bucketMs: 1_000,
  stableWindowMs: 60_000,
  panicWindowPercentage: 10,
  panicThreshold: 2,
  concurrencyTarget: 100,
  concurrencyUtilization: 0.7,
  rpsTarget: 200,
  rpsUtilization: 0.7,
  maxScaleUpRate: 1_000,
  maxScaleDownRate: 2,
  targetBurstCapacity: 211,
  scaleDownDelayMs: 0,
  scaleToZeroGraceMs: 30_000,
  lastInstanceRetentionMs: 0,
  initialScale: 1,
  /** An instance that is not ready after the progress deadline and these 30 s never will be. */
  activationLimitMs: 600_000 + 30_000,
  activatorQueueDepth: 10_000,
  /** Requests that the proxy inside an instance queues for each one it lets in at once. */
  instanceQueueFactor: 10,
} as const;
