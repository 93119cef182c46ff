import { formatMs, trim } from '../../../base/units.ts';
import type { RunFacts } from '../run-facts.ts';
import type { Span } from '../platform/overlap-windows.ts';
import { joinSpans } from './spans.ts';

/*
 * A stall makes what is measured longer, so what was within its limit all the same is within it. But it also hides: while
 * the generator or the emulator could not run, the service was asked for nothing. Long is a stall of more than a quarter
 * of T_acq, the most that a single request may be late by (V01). Too much are
 *
 *     5 % of a phase, and 25 % of the first second of a stress phase
 */

const mostOfPhase = 0.05;
const mostOfFirst = 0.25;
const firstUs = 1_000_000;

/** Where the service was not asked for too long a time, in words; null where it was. */
export function hiddenIn({ stalls, phases, endUs, driven }: RunFacts): string | null {
  const longUs = 250 * driven.thresholds.acquireMs;
  const long = stalls.named.flatMap(({ hides, stall }) =>
    hides && stall.toUs - stall.fromUs > longUs ? [stall] : [],
  );
  const spans = joinSpans(long);
  for (const { name, fromUs, toUs, stress } of phases) {
    const phase = { fromUs, toUs: Math.min(toUs, endUs) };
    const first = { fromUs, toUs: Math.min(phase.toUs, fromUs + firstUs) };
    if (stress && isOver(first, mostOfFirst)) return words(first, `the first second of ${name}`);
    if (isOver(phase, mostOfPhase)) return words(phase, name);
  }
  return null;

  function isOver({ fromUs, toUs }: Span, most: number): boolean {
    return spans.within(fromUs, toUs) > most * (toUs - fromUs);
  }

  function words({ fromUs, toUs }: Span, name: string): string {
    const hiddenUs = spans.within(fromUs, toUs);
    return `${formatMs(hiddenUs / 1000)} of ${name} (${trim((100 * hiddenUs) / (toUs - fromUs), 1)} %) lie in long stalls of ours: nobody knows what the service would have done`;
  }
}
