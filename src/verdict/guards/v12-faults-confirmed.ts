import type { FaultEvent } from '../../evidence/event.ts';
import type { RunFacts } from '../facts/run-facts.ts';
import type { Guard, GuardResult } from './guard.ts';

/*
 * Every planned fault was inflicted, and something other than the code that did it saw its effect:
 *
 *     each step of the chaos that was due was begun, and confirmed
 *
 * A restart shows in the server's start, a kill in an instance that is gone. A fault that was not seen excuses nothing
 * and exercised nothing. A step that was due only after the run had ended is no part of it. Two faults can't be seen from
 * outside at all, so it is enough that they began: a command of the user's own, and a limited bandwidth, which only a
 * large answer would show.
 */

const neverSeen: ReadonlySet<string> = new Set(['exec', 'db.bandwidth']);

export interface FaultsInput {
  /** Ids of the steps that were due, with what they inflict. */
  readonly due: readonly { readonly id: string; readonly fault: string }[];
  readonly told: readonly Pick<FaultEvent, 'id' | 'state' | 'detail'>[];
}

export function checkFaults({ due, told }: FaultsInput): GuardResult {
  const base = { limit: 0, unit: 'count', disturbanceMs: null } as const;
  const doubtful = due.flatMap(({ id, fault }) => {
    const own = told.filter((event) => event.id === id);
    if (own.some(({ state }) => state === 'confirmed')) return [];
    const failed = own.find(({ state }) => state === 'failed');
    if (failed !== undefined) return [`${fault} (${id}) failed: ${failed.detail}`];
    if (neverSeen.has(fault) && own.length > 0) return [];
    return [
      own.length === 0
        ? `${fault} (${id}) was never begun`
        : `nothing showed that ${fault} (${id}) had an effect`,
    ];
  });
  const reason =
    due.length === 0
      ? 'nothing was to be inflicted'
      : doubtful.length === 0
        ? saidOf(due)
        : doubtful.join('; ');
  return { ...base, ok: doubtful.length === 0, value: doubtful.length, reason };
}

function saidOf(due: FaultsInput['due']): string {
  const unseen = due.filter(({ fault }) => neverSeen.has(fault));
  const rest = due.length - unseen.length;
  const confirmed = `${rest} of ${due.length} steps of the chaos were confirmed by something else than themselves`;
  return unseen.length === 0
    ? confirmed
    : `${confirmed}; ${unseen.map(({ fault, id }) => `${fault} (${id})`).join(', ')} can't be seen from outside`;
}

export const faultsConfirmed = {
  id: 'V12',
  name: 'faults-confirmed',
  title: 'the faults took effect',
  meaning: 'Every fault that was due was started and confirmed.',
  provenance: 'observed',
  check: ({ record, evidence: { events }, endUs }: RunFacts) =>
    checkFaults({
      due: (record.chaos ?? [])
        .filter(({ at_us: atUs }) => record.load_start_us !== null && record.load_start_us + atUs < endUs)
        .map(({ id, fault }) => ({ id, fault: fault.kind })),
      told: events.flatMap((event) => (event.kind === 'fault' ? [event] : [])),
    }),
} as const satisfies Guard;
