import type { BackendRow } from '../../../evidence/dataset/backend-row.ts';
import { doings, noSlots, type Doing, type Slots } from './account.ts';

/** Of one sample: sessions by owner and by what they were at. Whether idle ones are held is not known yet. */
export function slotsOf(rows: readonly BackendRow[]): ReadonlyMap<string | null, Slots> {
  const slots = new Map<string | null, Record<Doing, number>>();
  for (const row of rows) {
    const own = slots.get(row.service) ?? { ...noSlots };
    own[doingOf(row)] += row.count;
    slots.set(row.service, own);
  }
  return slots;
}

/** Nobody looked: as many as were there, of which nothing is known. */
export function unseen(slots: ReadonlyMap<string | null, Slots>): ReadonlyMap<string | null, Slots> {
  return new Map(
    [...slots].map(([owner, counts]) => [
      owner,
      { ...noSlots, unknown: doings.reduce((sum, doing) => sum + counts[doing], 0) },
    ]),
  );
}

function doingOf({ state, waitType }: BackendRow): Doing {
  if (state === 'starting') return 'starting';
  if (state === 'active') return waitType === 'Lock' ? 'lock' : 'active';
  if (state === 'idle') return 'idle';
  if (state?.startsWith('idle in transaction') === true) return 'in_transaction';
  return 'unknown';
}
