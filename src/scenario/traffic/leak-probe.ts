import { z } from 'zod';
import { durationMs } from '../language/with-unit.ts';

/** Asks for as many sessions at once as the pools should have, when all is quiet: those that leaked are missing. */
export interface LeakProbe {
  /** Index into `requests`. */
  readonly route: number;
  /** How long each of them holds its session. */
  readonly holdMs: number;
}

/** With a shorter hold the requests would not be sure to overlap. */
export const shortestHoldMs = 200;

/** `leak_probe:` as it stands in the file. */
export const leakProbeShape = z.strictObject({
  request: z
    .string()
    .min(1, 'must not be empty')
    .describe('Which of the requests is sent.')
    .meta({ examples: ['report'] }),
  hold: durationMs
    .refine(
      (ms) => ms >= shortestHoldMs,
      `must be at least ${shortestHoldMs}ms: the requests have to overlap`,
    )
    .optional()
    .describe('How long each of them holds its session. Default: the hold of that request.')
    .meta({ examples: ['300ms'] }),
});

export type LeakProbeInFile = z.output<typeof leakProbeShape>;

/** A request, as far as a probe asks. */
export interface ProbeRequest {
  readonly name: string;
  readonly hold?: number | undefined;
}

/** Finds the request and takes its hold unless the probe has its own; undefined where that is wrong. */
export function makeLeakProbe(
  given: LeakProbeInFile,
  requests: readonly ProbeRequest[],
): LeakProbe | undefined {
  const route = requests.findIndex(({ name }) => name === given.request);
  const holdMs = given.hold ?? requests[route]?.hold;
  return route < 0 || holdMs === undefined ? undefined : { route, holdMs };
}

/** The inverse of `makeLeakProbe`. */
export function writeLeakProbe(
  { route, holdMs }: LeakProbe,
  requests: readonly { readonly name: string }[],
): LeakProbeInFile {
  return { request: requests[route]?.name ?? '', hold: holdMs };
}
