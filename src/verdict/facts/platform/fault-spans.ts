import type { Evidence } from '../../../evidence/evidence.ts';
import type { Span } from './overlap-windows.ts';

/** Faults that are over as soon as they have happened, whatever comes of them. */
const momentary = new Set(['instance.kill', 'db.terminate', 'db.reset', 'db.restart']);

/** Faults by what a bound may excuse because of them; those that take the server itself away are in `outages.ts`. */
export const killFaults: ReadonlySet<string> = new Set(['instance.kill']);
export const lockFaults: ReadonlySet<string> = new Set(['db.lock']);
export const latencyFaults: ReadonlySet<string> = new Set(['db.latency', 'db.jitter']);

/**
 * When faults of these kinds were in force, each with its grace; only those that something confirmed. From when a fault
 * began until it was undone; of one that is over at once, until it was seen; of one that was never undone, to the end.
 */
export function markSpans(
  { events }: Pick<Evidence, 'events'>,
  kinds: ReadonlySet<string>,
  graceUs: number,
): readonly Span[] {
  const faults = events.flatMap((event) => (event.kind === 'fault' && kinds.has(event.fault) ? [event] : []));
  const timeOf = (id: string, state: string): number | undefined =>
    faults.find((event) => event.id === id && event.state === state)?.t_us;
  return faults
    .filter(({ state }) => state === 'started')
    .flatMap(({ id, fault, t_us: fromUs }) => {
      const seenUs = timeOf(id, 'confirmed');
      if (seenUs === undefined) return [];
      const endUs = momentary.has(fault) ? seenUs : (timeOf(id, 'undone') ?? Infinity);
      return [{ fromUs, toUs: endUs + graceUs }];
    });
}

/** Whether anything from one moment to another fell into one of the spans. */
export function touches(spans: readonly Span[], fromUs: number, toUs: number): boolean {
  return spans.some((span) => toUs >= span.fromUs && fromUs <= span.toUs);
}
