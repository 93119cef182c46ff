import type { PoolerEvent } from '../../../evidence/event.ts';
import type { RunRecord } from '../../../evidence/run-record.ts';
import type { RunFacts } from '../run-facts.ts';

type Declared = NonNullable<RunRecord['poolers']>[number];

/** Clients of one name and address, and the most of them that one pooler had at once. */
interface Comer {
  readonly application_name: string;
  readonly address: string;
  readonly peak: number;
}

/** What a pooler's admin consoles showed: of one that stands by itself, or of those beside the instances together. */
export interface PoolerFacts {
  readonly declared: Declared;
  readonly limits: PoolerEvent['limits'] | null;
  readonly looks: readonly PoolerEvent[];
  readonly failed: number;
  /** Poolers that there may be at once, and pools (a database and a user) that one of them was seen to have. */
  readonly poolers: number;
  readonly pools: number;
  /** The most server connections of all poolers at once, and the most clients of one pooler. */
  readonly serversPeak: number | null;
  readonly clientsPeak: number | null;
  /** The most clients of all poolers at once, and of those the ones that waited. */
  readonly allClientsPeak: number | null;
  readonly waitingPeak: number | null;
  readonly longestWaitMs: number | null;
  /** The kinds of clients that one pooler had the most of at once. */
  readonly comers: readonly Comer[];
}

/** Every declared pooler of the run; none in recordings without. */
export function poolersSeen({ record, evidence: { events } }: RunFacts): readonly PoolerFacts[] {
  return (record.poolers ?? []).map((declared) => {
    const told = events.filter((event) => event.kind === 'pooler' && event.pooler === declared.name);
    const looks = told.filter((event) => event.kind === 'pooler' && event.ok) as PoolerEvent[];
    const service = record.contract.services.find(({ name }) => name === declared.service);
    const all = peaksOf(looks);
    return {
      declared,
      limits: looks.find(({ limits }) => limits !== undefined)?.limits ?? null,
      looks,
      failed: told.length - looks.length,
      poolers: declared.per_instance ? (service?.maxInstances ?? 1) : 1,
      pools: Math.max(1, ...looks.map(({ pools }) => pools.length)),
      serversPeak: all.servers,
      clientsPeak: most(looks.map(clientsIn)),
      allClientsPeak: all.clients,
      waitingPeak: all.waiting,
      longestWaitMs: most(looks.map(waitMsIn)),
      comers: comersIn(looks),
    };
  });
}

/** Connections of clients, whether they are served or wait. */
export function clientsIn({ pools }: PoolerEvent): number {
  return pools.reduce((sum, pool) => sum + pool.clients_active + pool.clients_waiting, 0);
}

/** Connections that the pooler holds at Postgres, or is opening. */
export function serversIn({ pools }: PoolerEvent): number {
  return pools.reduce((sum, pool) => sum + pool.servers_active + pool.servers_idle + pool.servers_login, 0);
}

export function waitingIn({ pools }: PoolerEvent): number {
  return pools.reduce((sum, pool) => sum + pool.clients_waiting, 0);
}

/** How long the longest-waiting client has waited. */
export function waitMsIn({ pools }: PoolerEvent): number {
  return pools.reduce((longest, pool) => Math.max(longest, pool.max_wait_us), 0) / 1000;
}

/** Consoles are looked at one by one; a look counts until the same console's next, or until it must be gone. */
const staleUs = 1_000_000;

function peaksOf(looks: readonly PoolerEvent[]): Record<'servers' | 'clients' | 'waiting', number | null> {
  const latest = new Map<string | null, PoolerEvent>();
  const peaks: Record<'servers' | 'clients' | 'waiting', number | null> = {
    servers: null,
    clients: null,
    waiting: null,
  };
  for (const look of looks) {
    latest.set(look.instance, look);
    const now = [...latest.values()].filter(({ t_us }) => look.t_us - t_us < staleUs);
    const sum = (count: (one: PoolerEvent) => number): number =>
      now.reduce((total, one) => total + count(one), 0);
    peaks.servers = Math.max(peaks.servers ?? 0, sum(serversIn));
    peaks.clients = Math.max(peaks.clients ?? 0, sum(clientsIn));
    peaks.waiting = Math.max(peaks.waiting ?? 0, sum(waitingIn));
  }
  return peaks;
}

/** Nobody reads a longer list than this. */
const mostComers = 8;

function comersIn(looks: readonly PoolerEvent[]): readonly Comer[] {
  const kinds = new Map<string, Comer>();
  for (const { application_name, address, count } of looks.flatMap(({ clients }) => clients ?? [])) {
    const key = `${address} ${application_name}`;
    kinds.set(key, { application_name, address, peak: Math.max(count, kinds.get(key)?.peak ?? 0) });
  }
  return [...kinds.values()].sort((a, b) => b.peak - a.peak).slice(0, mostComers);
}

function most(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((peak, value) => Math.max(peak, value), 0);
}
