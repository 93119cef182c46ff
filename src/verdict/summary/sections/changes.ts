import type { FaultEvent, RevisionEvent } from '../../../evidence/event.ts';
import type { RunFacts } from '../../facts/run-facts.ts';
import type { Summary } from '../summary.ts';

type Change = Summary['changes'][number];

/** What was done to the services and what became of it: every change of a revision after the first deployment, and every fault. */
export function changesIn({ evidence: { events } }: RunFacts): Summary['changes'] {
  const deployed = new Set<string>();
  return events.flatMap((event): readonly Change[] => {
    if (event.kind === 'fault') return [faultChange(event)];
    if (event.kind !== 'revision') return [];
    const isFirst = !deployed.has(event.service);
    if (event.state === 'serving') deployed.add(event.service);
    return isFirst ? [] : [revisionChange(event)];
  });
}

function faultChange({ t_us, service, fault, id, state, detail }: FaultEvent): Change {
  return { t_us, kind: 'fault', service, what: `${fault} (${id})`, state, detail };
}

function revisionChange({ t_us, service, revision, state, percent, reason }: RevisionEvent): Change {
  const detail = percent === undefined ? reason : `${percent} % of the traffic`;
  return { t_us, kind: 'revision', service, what: revision, state, detail };
}
