import type { Evidence } from '../../../evidence/evidence.ts';
import { joinSpans, type Spans } from './spans.ts';
import { stallSources, type OwnStall, type StallSource, type Touched } from './stall-sources.ts';

/*
 * Noise costs its own seconds. Whatever is ours, or this machine's, and not the service's, has a beginning and an end;
 * what was under way then may have taken longer than it would have. For as long again after a stall, what piled up in
 * it still has to be worked off: that counts as touched as well.
 */

/** A stall, and what its source says of all of its kind. */
export interface NamedStall extends Omit<StallSource, 'find'> {
  readonly stall: OwnStall;
}

/** The stalls of a run, by what they touch. */
export interface Stalls {
  /** With the name of their source, in the order of the sources. */
  readonly named: readonly NamedStall[];
  /** The stalls themselves, without what came after. */
  spansOf(what: Touched): Spans;
  /** How much of a stretch stalls took, with what came after them; of one instance, or of any where it is not known. */
  tookUs(what: Touched, fromUs: number, toUs: number, instance?: string | null): number;
}

/** Looks for them in the evidence. */
export function stallsOf(evidence: Evidence): Stalls {
  const named = stallSources.flatMap(({ find, ...kind }) =>
    find(evidence).map((stall) => ({ ...kind, stall })),
  );
  const touching = (what: Touched): readonly OwnStall[] =>
    named.filter(({ touches }) => touches.includes(what)).map(({ stall }) => stall);
  const spans = remember((what: Touched) => joinSpans(touching(what)));
  const whole = remember((what: Touched) => spansByInstance(touching(what).map(withAfter)));
  return {
    named,
    spansOf: spans,
    tookUs: (what, fromUs, toUs, instance = null) => whole(what)(instance).within(fromUs, toUs),
  };
}

function withAfter(stall: OwnStall): OwnStall {
  return { ...stall, toUs: stall.toUs + (stall.toUs - stall.fromUs) };
}

/** What touches one instance: its own stalls, and those that are nobody's in particular. */
function spansByInstance(stalls: readonly OwnStall[]): (instance: string | null) => Spans {
  return remember((instance) =>
    joinSpans(
      stalls.filter(
        (stall) => stall.instance === undefined || instance === null || stall.instance === instance,
      ),
    ),
  );
}

function remember<Key, Value>(make: (key: Key) => Value): (key: Key) => Value {
  const made = new Map<Key, Value>();
  return (key) => {
    const known = made.get(key);
    if (known !== undefined) return known;
    const value = make(key);
    made.set(key, value);
    return value;
  };
}
