import type { Summary } from '../../../verdict/summary/summary.ts';

/** How many sessions were held at the peak, at least and at most, and whose they were. */
export interface Peak {
  readonly low: number;
  readonly high: number;
  readonly parts: readonly { readonly label: string; readonly sessions: number }[];
}

/**
 * The exact peak where sessions were counted, the sampled one with its upper bound otherwise. It is split by
 * service and revision only where their own peaks add up to the whole: peaks that did not meet would not.
 */
export function observedPeak({ backends }: Summary): Peak {
  const low = backends.peak_exact ?? backends.peak_sampled ?? 0;
  const high = backends.peak_exact ?? Math.max(backends.peak_upper ?? low, low);
  const parts = finest(backends.services).flatMap(({ service, revision, peak_exact: sessions }) =>
    sessions === null || sessions === 0
      ? []
      : [{ label: `held by ${service}${revision === null ? '' : ` ${revision}`}`, sessions }],
  );
  const sum = parts.reduce((total, part) => total + part.sessions, 0);
  const whole = [
    { label: backends.peak_exact === null ? 'seen at the peak' : 'held at the peak', sessions: low },
  ];
  return { low, high, parts: sum === low && parts.length > 0 ? parts : whole };
}

/** The rows of a service's revisions where there are any, its whole otherwise. */
function finest(rows: Summary['backends']['services']): Summary['backends']['services'] {
  const split = new Set(rows.filter(({ revision }) => revision !== null).map(({ service }) => service));
  return rows.filter(({ service, revision }) => revision !== null || !split.has(service));
}
