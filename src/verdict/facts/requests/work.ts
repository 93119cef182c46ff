import type { WorkEvent } from '../../../evidence/event.ts';
import type { RunFacts } from '../run-facts.ts';
import type { ServiceFacts } from '../service-facts.ts';
import { perSecond, spreadPerSecond } from './per-second.ts';
import type { PhaseWindow } from './phase-window.ts';
import type { RatioSeries } from '../../statistics/ratio-interval.ts';

/** What the links counted of the service's transactions; none where they were not counted. */
export function workOf({ evidence }: RunFacts, { contract }: ServiceFacts): readonly WorkEvent[] {
  return evidence.events.flatMap((event) =>
    event.kind === 'work' && event.service === contract.name ? [event] : [],
  );
}

/**
 * Transactions and attempts of a phase in windows of a second. An attempt counts when it ended, as a transaction does:
 * then a backlog that is worked off in the next phase takes its transactions along.
 */
export function workPerSecond(
  run: RunFacts,
  work: readonly WorkEvent[],
  { fromUs, toUs }: PhaseWindow,
): RatioSeries {
  const ended = run.evidence.attempts.flatMap(({ endedUs }) =>
    endedUs === null || endedUs < fromUs || endedUs >= toUs ? [] : [{ tUs: endedUs, weight: 1 }],
  );
  const done = work.map(({ from_us: from, t_us: to, transactions }) => ({
    fromUs: from,
    toUs: to,
    weight: transactions,
  }));
  return { above: spreadPerSecond(done, fromUs, toUs), below: perSecond(ended, fromUs, toUs) };
}
