import { z } from 'zod';
import { amount, timeUs, told } from '../bounded.ts';
import { at } from './run-event.ts';

/** Round trips of a request that no instance sees: what the path itself costs, before load and during it. */
export const pingEvent = z.object({
  ...at,
  kind: z.literal('ping'),
  /** Absent: before load. */
  during: z.literal('load').optional(),
  n: amount,
  p50_us: timeUs,
  p99_us: timeUs,
  /** Each round trip, when it began and how long it took. */
  trips: z.array(z.object({ from_us: timeUs, took_us: timeUs })).optional(),
});

/** A lane's own statistics, written once when it ends. */
export const generatorEvent = z.object({
  ...at,
  kind: z.literal('generator'),
  lane: amount,
  sent: amount,
  dropped: amount,
  unfinished: amount,
  lag_p50_us: timeUs,
  lag_p99_us: timeUs,
  lag_max_us: timeUs,
  loop_delay_p99_us: timeUs,
  loop_delay_max_us: timeUs,
  cpu_us: timeUs,
  /** Numbers in the headers of answers that make no sense, and so count as not told; absent: none. */
  nonsense: amount.exactOptional(),
});

/**
 * The parts of poolproof that watch themselves: the links are part of the emulator; the observer samples and logs in. And
 * a local instance, where this machine had no processor left for it.
 */
const stallOf = z.enum(['lane', 'emulator', 'observer', 'instance']);

/** A part could not run from `from_us` to `t_us`: its processor did something else. */
export const stallEvent = z.object({
  ...at,
  kind: z.literal('stall'),
  of: stallOf,
  from_us: timeUs,
  /** Which instance; absent for parts of poolproof. */
  instance: told.optional(),
});

/** How busy this machine was since the last such event, as shares of all its processors. */
export const machineEvent = z.object({
  ...at,
  kind: z.literal('machine'),
  from_us: timeUs,
  cpus: amount,
  busy: amount,
  /** Taken by other guests of the same hardware; null where the system does not report it. */
  steal: amount.nullable(),
});

/** The reason when a capacity search ran out of steps: the service may be able to do more. */
export const lastStepAllowed = 'the last step that was allowed';

/** What the service can do: goodput of ascending steps with retries off, and the best of them with its 95 % interval. */
export const capacityEvent = z.object({
  ...at,
  kind: z.literal('capacity'),
  /** Measured before the phases, or again after them. */
  when: z.enum(['before', 'after']),
  goodput_per_sec: amount,
  low_per_sec: amount,
  high_per_sec: amount,
  steps: z.array(
    z.object({
      rate_per_sec: amount,
      goodput_per_sec: amount,
      /** The 95 % interval of the step's goodput. */
      low_per_sec: amount,
      high_per_sec: amount,
      /** Share of its attempts that failed. */
      failed: amount,
      seconds: amount,
    }),
  ),
  /** Why it ended there: goodput stopped rising, failures, or the last step allowed. */
  reason: told,
});

/** As many requests at once as the service's pools should have sessions, sent once all was quiet. */
export const probeEvent = z.object({
  ...at,
  kind: z.literal('probe'),
  from_us: timeUs,
  /** Which cycle of the load it followed, counted from 1. */
  cycle: amount,
  /** Instances that were alive, and so `alive * workers * pool` requests. */
  alive: amount,
  sent: amount,
  ok: amount,
  /** How long each was to hold its session. */
  hold_us: timeUs,
  slowest_us: timeUs,
});
