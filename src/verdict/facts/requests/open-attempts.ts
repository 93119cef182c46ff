import { allAttempts } from '../../../evidence/all-attempts.ts';
import type { Attempt } from '../../../evidence/attempt.ts';
import type { RunFacts } from '../run-facts.ts';
import type { ServiceFacts } from '../service-facts.ts';

/** How many attempts were open at moments of equal distance, the first `fromUs`; each counts for `lingerUs` more. */
export function openAttempts(
  attempts: readonly Attempt[],
  fromUs: number,
  toUs: number,
  stepUs: number,
  lingerUs = 0,
): Float64Array {
  const count = Math.max(0, Math.floor((toUs - fromUs) / stepUs) + 1);
  const open = new Float64Array(count);
  const from = (tUs: number): number => Math.max(0, Math.ceil((tUs - fromUs) / stepUs));
  for (const { outcome, sentUs, endedUs } of attempts) {
    if (outcome === 'dropped') continue;
    const first = from(sentUs);
    const after = endedUs === null ? count : from(endedUs + lingerUs);
    if (first < count) open[first] = (open[first] ?? 0) + 1;
    if (after < count) open[after] = (open[after] ?? 0) - 1;
  }
  for (let index = 1; index < count; index += 1) open[index] = (open[index] ?? 0) + (open[index - 1] ?? 0);
  return open;
}

/** A stretch of time. */
export interface Span {
  readonly fromUs: number;
  readonly toUs: number;
}

const stepUs = 100_000;
/** Shorter pauses are those between two requests. */
const shortestUs = 1_000_000;

/**
 * When there were no requests: from the first ready instance on, no attempt was open, nor had one ended less
 * than T_stmt + eps before, so none can still be at work in the database.
 */
export function quietSpans(run: RunFacts, service: ServiceFacts): readonly Span[] {
  const known = found.get(service);
  if (known !== undefined) return known;
  const spans = findQuiet(run, service);
  found.set(service, spans);
  return spans;
}

/** Cached: several diagnoses ask, and there may be hundreds of thousands of attempts. */
const found = new WeakMap<ServiceFacts, readonly Span[]>();

function findQuiet(run: RunFacts, service: ServiceFacts): readonly Span[] {
  const { evidence, endUs } = run;
  const { thresholds, contract } = service;
  const ready = evidence.events.find(
    (event) => event.kind === 'instance' && event.service === contract.name && event.state === 'ready',
  );
  const fromUs = ready?.t_us ?? run.load?.fromUs ?? endUs;
  const open = openAttempts(allAttempts(evidence), fromUs, endUs, stepUs, 1000 * thresholds.orphanMs);
  const spans: Span[] = [];
  let first = -1;
  for (let index = 0; index <= open.length; index += 1) {
    const isQuiet = index < open.length && open[index] === 0;
    if (isQuiet && first < 0) first = index;
    if (isQuiet || first < 0) continue;
    spans.push({ fromUs: fromUs + first * stepUs, toUs: fromUs + (index - 1) * stepUs });
    first = -1;
  }
  return spans.filter((span) => span.toUs - span.fromUs >= shortestUs);
}

/** Whether a moment lies in one of the spans. */
export function isWithin(spans: readonly Span[], tUs: number): boolean {
  return spans.some(({ fromUs, toUs }) => tUs >= fromUs && tUs <= toUs);
}
