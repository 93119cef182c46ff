import type { RunFacts } from '../run-facts.ts';
import type { ServiceFacts } from '../service-facts.ts';

/** The most sessions that a service held: exactly, or in the fullest sample; null where they were not counted. */
export function peakSessions({ samples }: RunFacts, { exact, contract }: ServiceFacts): number | null {
  if (exact !== null) return exact.steps.reduce((peak, { count }) => Math.max(peak, count), 0);
  const counts = samples.flatMap(({ ok, rows }) =>
    ok ? [rows.reduce((sum, row) => sum + (row.service === contract.name ? row.count : 0), 0)] : [],
  );
  return counts.length === 0 ? null : counts.reduce((peak, count) => Math.max(peak, count), 0);
}

/** The most instances that were alive at once; 0 where it is not known. */
export function instancesPeak({ alive }: ServiceFacts): number {
  return (alive ?? []).reduce((peak, { count }) => Math.max(peak, count), 0);
}
