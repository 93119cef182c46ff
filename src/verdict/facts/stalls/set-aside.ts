import { formatMs, trim } from '../../../base/units.ts';
import type { Attempt } from '../../../evidence/attempt.ts';
import { byPhase } from '../requests/by-phase.ts';
import type { PhaseWindow } from '../requests/phase-window.ts';
import type { Span } from '../platform/overlap-windows.ts';
import { joinSpans } from './spans.ts';
import type { Touched } from './stall-sources.ts';
import type { Stalls } from './stalls.ts';

/*
 * How much may be set aside before the rest can't decide any more:
 *
 *     5 % of the attempts of any phase, 25 % of those in the first second of a stress phase
 *
 * A burst does its worst in its first second, so a stall there costs more than its share of the time.
 */

const mostOfPhase = 0.05;
const mostOfFirst = 0.25;
const firstUs = 1_000_000;

/** What was set aside of a run. */
export interface SetAside {
  /** How much that is, in words. */
  readonly words: string;
  /** Where it is too much, in words; null where what is left may decide. */
  readonly tooMuch: string | null;
}

export interface SetAsideInput {
  readonly stalls: Stalls;
  readonly what: readonly Touched[];
  readonly attempts: readonly Attempt[];
  readonly phases: readonly PhaseWindow[];
  readonly load: Span;
  readonly isTouched: (attempt: Attempt) => boolean;
}

export function setAsideOf(input: SetAsideInput): SetAside {
  const sent = input.attempts.filter(({ outcome }) => outcome !== 'dropped');
  const touched = new Set(sent.filter(input.isTouched));
  const worst = partsOf(input, sent).find(
    ({ attempts, most }) => attempts.filter((one) => touched.has(one)).length > most * attempts.length,
  );
  const words = `${stallWords(input)}, ${touched.size} of ${sent.length} attempts (${trim((100 * touched.size) / Math.max(1, sent.length), 1)} %) set aside`;
  if (worst === undefined) return { words, tooMuch: null };
  const share = worst.attempts.filter((one) => touched.has(one)).length / worst.attempts.length;
  const tooMuch = `of ${worst.name} ${trim(100 * share, 1)} % (limit ${100 * worst.most} %)`;
  return { words, tooMuch };
}

/** The parts of what was sent, each of which has to be seen well enough: calibrations and probes are parts too. */
function partsOf(
  { phases }: SetAsideInput,
  sent: readonly Attempt[],
): readonly { readonly name: string; readonly attempts: readonly Attempt[]; readonly most: number }[] {
  return [...byPhase(sent)].flatMap(([name, attempts]) => {
    const whole = { name, attempts, most: mostOfPhase };
    const stress = phases.find((phase) => phase.name === name && phase.stress);
    if (stress === undefined) return [whole];
    const first = attempts.filter(({ intendedUs }) => intendedUs < stress.fromUs + firstUs);
    return [whole, { name: `the first second of ${name}`, attempts: first, most: mostOfFirst }];
  });
}

/** How many stalls there were and how long they took together, such as "3 stalls of ours (lanes 2, emulator 1)". */
function stallWords({ stalls, what, load }: SetAsideInput): string {
  const own = stalls.named.filter(
    ({ touches, stall }) =>
      touches.some((one) => what.includes(one)) && stall.toUs > load.fromUs && stall.fromUs < load.toUs,
  );
  const names = [...new Set(own.map(({ name }) => name))];
  const counts = names.map((name) => ({
    name,
    count: joinSpans(own.filter((one) => one.name === name).map(({ stall }) => stall)).all.length,
  }));
  const count = counts.reduce((sum, one) => sum + one.count, 0);
  const tookMs = joinSpans(own.map(({ stall }) => stall)).within(load.fromUs, load.toUs) / 1000;
  const listed = counts.map((one) => `${one.name} ${one.count}`).join(', ');
  return `${count === 1 ? '1 stall' : `${count} stalls`} of ours (${listed}), ${formatMs(tookMs)} of ${formatMs((load.toUs - load.fromUs) / 1000)}`;
}
