import { z } from 'zod';
import { at } from './run-event.ts';

/** Round trips of a request that no instance sees: what the path itself costs, before load and during it. */
export const pingEvent = z.object({
  ...at,
  kind: z.literal('ping'),
  /** Absent: before load. */
  during: z.literal('load').optional(),
  n: z.number(),
  p50_us: z.number(),
  p99_us: z.number(),
});

/** A lane's own statistics, written once when it ends. */
export const generatorEvent = z.object({
  ...at,
  kind: z.literal('generator'),
  lane: z.number(),
  sent: z.number(),
  dropped: z.number(),
  unfinished: z.number(),
  lag_p50_us: z.number(),
  lag_p99_us: z.number(),
  lag_max_us: z.number(),
  loop_delay_p99_us: z.number(),
  loop_delay_max_us: z.number(),
  cpu_us: z.number(),
});

/** How busy this machine was since the last such event, as shares of all its processors. */
export const machineEvent = z.object({
  ...at,
  kind: z.literal('machine'),
  from_us: z.number(),
  cpus: z.number(),
  busy: z.number(),
  /** Taken by other guests of the same hardware; null where the system does not report it. */
  steal: z.number().nullable(),
});

/** The reason when a capacity search ran out of steps: the service may be able to do more. */
export const lastStepAllowed = 'the last step that was allowed';

/** What the service can do: goodput of ascending steps with retries off, and the best of them with its 95 % interval. */
export const capacityEvent = z.object({
  ...at,
  kind: z.literal('capacity'),
  /** Measured before the phases, or again after them. */
  when: z.enum(['before', 'after']),
  goodput_per_sec: z.number(),
  low_per_sec: z.number(),
  high_per_sec: z.number(),
  steps: z.array(
    z.object({
      rate_per_sec: z.number(),
      goodput_per_sec: z.number(),
      /** The 95 % interval of the step's goodput. */
      low_per_sec: z.number(),
      high_per_sec: z.number(),
      /** Share of its attempts that failed. */
      failed: z.number(),
      seconds: z.number(),
    }),
  ),
  /** Why it ended there: goodput stopped rising, failures, or the last step allowed. */
  reason: z.string(),
});

/** As many requests at once as the service's pools should have sessions, sent once all was quiet. */
export const probeEvent = z.object({
  ...at,
  kind: z.literal('probe'),
  from_us: z.number(),
  /** Which cycle of the load it followed, counted from 1. */
  cycle: z.number(),
  /** Instances that were alive, and so `alive * workers * pool` requests. */
  alive: z.number(),
  sent: z.number(),
  ok: z.number(),
  /** How long each was to hold its session. */
  hold_us: z.number(),
  slowest_us: z.number(),
});
