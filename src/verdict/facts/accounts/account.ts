/** What a session of the server was at. `held`: idle, and yet checked out of its pool. */
export const doings = ['starting', 'active', 'lock', 'in_transaction', 'held', 'idle', 'unknown'] as const;

export type Doing = (typeof doings)[number];

/** Where a request of the service spent its time. `holding`: it keeps a session that does nothing. */
export const places = [
  'front',
  'waiting',
  'active',
  'lock',
  'in_transaction',
  'holding',
  'elsewhere',
  'unknown',
] as const;

export type Place = (typeof places)[number];

/** Mean counts over a moment, or seconds over a stretch. */
export type Slots = Readonly<Record<Doing, number>>;
export type Requests = Readonly<Record<Place, number>>;

/** What one stretch between two samples shows: mean sessions by what they were at, mean requests by where they were. */
export interface Moment {
  readonly fromUs: number;
  readonly toUs: number;
  /** By owner: a declared service's name, null for sessions of nobody that is declared. */
  readonly slots: ReadonlyMap<string | null, Slots>;
  /** Of the service that load was sent at. */
  readonly requests: Requests;
}

/** Two balance sheets in seconds: the columns of each add up to all that was there. */
export interface Accounts {
  readonly seconds: number;
  readonly slots: ReadonlyMap<string | null, Slots>;
  readonly requests: Requests;
}

export const noSlots: Slots = Object.freeze(zeros(doings));
export const noRequests: Requests = Object.freeze(zeros(places));

/** Both accounts over a stretch of time. */
export function accountsOver(moments: readonly Moment[], fromUs: number, toUs: number): Accounts {
  const slots = new Map<string | null, Record<Doing, number>>();
  const requests = zeros(places);
  let seconds = 0;
  for (const moment of moments) {
    const lasted = Math.max(0, Math.min(toUs, moment.toUs) - Math.max(fromUs, moment.fromUs)) / 1e6;
    if (lasted === 0) continue;
    seconds += lasted;
    for (const place of places) requests[place] += lasted * moment.requests[place];
    for (const [owner, counts] of moment.slots) {
      const sum = slots.get(owner) ?? zeros(doings);
      for (const doing of doings) sum[doing] += lasted * counts[doing];
      slots.set(owner, sum);
    }
  }
  return { seconds, slots, requests };
}

/** All columns together. */
export function totalOf<Key extends string>(account: Readonly<Record<Key, number>>): number {
  return Object.values<number>(account).reduce((sum, value) => sum + value, 0);
}

function zeros<Key extends string>(keys: readonly Key[]): Record<Key, number> {
  return Object.fromEntries(keys.map((key) => [key, 0])) as Record<Key, number>;
}
