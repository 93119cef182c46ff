/** What a service says for all its revisions together. */
export interface ServiceScaling {
  readonly minInstances: number;
  /** Null: no cap at this level. */
  readonly maxInstances: number | null;
  /** Exactly this many, whatever else is set; null where scaling is automatic. */
  readonly manualInstances: number | null;
}

/** What one revision says for itself, and how much of the traffic it has. */
export interface RevisionScaling {
  readonly name: string;
  readonly minInstances: number;
  readonly maxInstances: number;
  readonly percent: number;
  readonly tagged: boolean;
}

export interface ResolvedScaling {
  readonly minInstances: number;
  readonly maxInstances: number;
}

/**
 * Resolves both levels for every revision, in the documented order:
 *
 *     max = min(revision's max, share of the service's max)
 *     min = min(max, max(revision's min, share of the service's min))
 *
 * Shares go by percent of the traffic. A revision without traffic has no share: its own max holds for it; its
 * own min only while a tag still leads to it.
 */
export function resolveScaling(
  service: ServiceScaling,
  revisions: readonly RevisionScaling[],
): ReadonlyMap<string, ResolvedScaling> {
  const percents = revisions.map(({ percent }) => percent);
  if (service.manualInstances !== null) return manual(service.manualInstances, revisions, percents);
  const mins = sharesOf(service.minInstances, percents);
  const maxes = service.maxInstances === null ? null : sharesOf(service.maxInstances, percents);
  return new Map(
    revisions.map((revision, index) => {
      const { name, percent, tagged } = revision;
      // The rounding of a fractional max is not documented: as that of min, but one that has traffic may have one.
      const share = maxes === null || percent === 0 ? Infinity : Math.max(1, maxes[index] ?? 0);
      const maxInstances = Math.min(revision.maxInstances, share);
      const own = percent > 0 || tagged ? revision.minInstances : 0;
      return [name, { maxInstances, minInstances: Math.min(maxInstances, Math.max(own, mins[index] ?? 0)) }];
    }),
  );
}

function manual(
  count: number,
  revisions: readonly RevisionScaling[],
  percents: readonly number[],
): ReadonlyMap<string, ResolvedScaling> {
  const shares = sharesOf(count, percents);
  return new Map(
    revisions.map(({ name }, index) => {
      const share = shares[index] ?? 0;
      return [name, { minInstances: share, maxInstances: share }];
    }),
  );
}

/** Splits a whole number by percent; what rounding down leaves goes to the first listed that lost a fraction. */
export function sharesOf(total: number, percents: readonly number[]): readonly number[] {
  const sum = percents.reduce((all, percent) => all + percent, 0);
  if (sum === 0) return percents.map(() => 0);
  const exact = percents.map((percent) => (total * percent) / sum);
  let left = total - exact.reduce((all, share) => all + Math.floor(share + 1e-9), 0);
  return exact.map((share) => {
    const whole = Math.floor(share + 1e-9);
    if (left <= 0 || share - whole < 1e-9) return whole;
    left -= 1;
    return whole + 1;
  });
}
