import { z } from 'zod';
import type { Knob } from '../../plan/knob.ts';
import type { LinkChange } from '../../plan/link-fault.ts';

const ms = z.number().nonnegative();

/** One condition of the links; null, 0 and false lift it. */
const linkChange: z.ZodType<LinkChange> = z.union([
  z.strictObject({ latencyMs: ms }),
  z.strictObject({ jitter: z.strictObject({ delayMs: ms, spreadMs: ms }).nullable() }),
  z.strictObject({ bytesPerSec: z.number().positive().nullable() }),
  z.strictObject({ blackhole: z.boolean() }),
  z.strictObject({ refuse: z.boolean() }),
]);

/** What may be done to a running service that no real platform offers: chaos, and calibration. */
export const knobShape: z.ZodType<Knob> = z.discriminatedUnion('knob', [
  /** SIGKILL to instances drawn at random, ready ones first. */
  z.object({ knob: z.literal('kill'), count: z.number().int().positive() }),
  /** SIGSTOP to instances drawn at random: they take requests and never answer. */
  z.object({ knob: z.literal('hang'), count: z.number().int().positive() }),
  /** SIGCONT to all that are hung. */
  z.object({ knob: z.literal('resume') }),
  /** Allows factor x max instances until it is 1 again, as Cloud Run may do for a while. */
  z.object({ knob: z.literal('over_max'), factor: z.number().min(1).max(10) }),
  /** Added to every start from now on; 0 ends it. */
  z.object({ knob: z.literal('slow_start'), delayMs: z.number().nonnegative() }),
  /** Every start from now on fails. */
  z.object({ knob: z.literal('fail_start'), on: z.boolean() }),
  /** A request that finds no free place is refused at once instead of waiting. */
  z.object({ knob: z.literal('reject'), on: z.boolean() }),
  /** Applies to all links of the service, including those of future instances. */
  z.object({ knob: z.literal('link'), change: linkChange }),
  /** Breaks every connection of the service to its database. */
  z.object({ knob: z.literal('reset_links') }),
]);
