import { z } from 'zod';

/** No run comes near: 42 days, in microseconds. What lies beyond is no time of a run, whoever tells it. */
export const mostUs = 42 * 24 * 3_600_000_000;

/** A moment or a length of a run in microseconds, as a file may tell it. */
export const timeUs = z.number().min(-mostUs).max(mostUs);

/** Any other number as a file may tell it: sums of more are not exact. */
export const amount = z.number().min(-Number.MAX_SAFE_INTEGER).max(Number.MAX_SAFE_INTEGER);

/** A text as a file may tell it: longer ones are no message of anything that poolproof watches. */
export const told = z.string().max(1_000_000);
