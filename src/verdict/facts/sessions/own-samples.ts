import type { RunFacts } from '../run-facts.ts';
import type { ServiceFacts } from '../service-facts.ts';

/** A service's sessions in one sample, by what they were at. Ages are of the oldest, 0 where there was none. */
export interface OwnSample {
  readonly tUs: number;
  readonly total: number;
  readonly active: number;
  readonly idle: number;
  readonly inTransaction: number;
  /** Active ones that wait for a lock. */
  readonly locked: number;
  readonly oldestActiveMs: number;
  readonly oldestInTransactionMs: number;
  readonly oldestXactMs: number;
  readonly oldestIdleMs: number;
}

type Draft = { -readonly [Key in keyof OwnSample]: OwnSample[Key] };

/** What every good sample showed of the service, in time order. */
export function ownSamples({ samples }: RunFacts, { contract }: ServiceFacts): readonly OwnSample[] {
  return samples
    .filter(({ ok }) => ok)
    .map(({ tUs, rows }) => {
      const seen = emptyAt(tUs);
      for (const row of rows) if (row.service === contract.name) add(seen, row);
      return seen;
    });
}

/** How many of its sessions were at work in a phase, on average; 0 where there are no samples. */
export function meanBusy(
  run: RunFacts,
  service: ServiceFacts,
  { fromUs, toUs }: Pick<RunFacts['phases'][number], 'fromUs' | 'toUs'>,
): number {
  const inside = ownSamples(run, service).filter(({ tUs }) => tUs >= fromUs && tUs < toUs);
  const busy = inside.reduce((sum, one) => sum + one.active + one.inTransaction, 0);
  return inside.length === 0 ? 0 : busy / inside.length;
}

function emptyAt(tUs: number): Draft {
  return {
    tUs,
    total: 0,
    active: 0,
    idle: 0,
    inTransaction: 0,
    locked: 0,
    oldestActiveMs: 0,
    oldestInTransactionMs: 0,
    oldestXactMs: 0,
    oldestIdleMs: 0,
  };
}

type Row = RunFacts['samples'][number]['rows'][number];

function add(seen: Draft, { state, count, waitType, maxQueryMs, maxStateMs, maxXactMs }: Row): void {
  seen.total += count;
  seen.oldestXactMs = Math.max(seen.oldestXactMs, maxXactMs ?? 0);
  if (state === 'active') {
    seen.active += count;
    if (waitType === 'Lock') seen.locked += count;
    seen.oldestActiveMs = Math.max(seen.oldestActiveMs, maxQueryMs ?? 0);
  }
  if (state === 'idle') {
    seen.idle += count;
    seen.oldestIdleMs = Math.max(seen.oldestIdleMs, maxStateMs ?? 0);
  }
  if (state?.startsWith('idle in transaction') === true) {
    seen.inTransaction += count;
    seen.oldestInTransactionMs = Math.max(seen.oldestInTransactionMs, maxStateMs ?? 0);
  }
}
