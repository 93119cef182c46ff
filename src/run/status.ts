import type { BackendRow } from '../evidence/dataset/backend-row.ts';
import type { InstanceEvent, RunEvent, SampleEvent } from '../evidence/event.ts';

/** What the run is doing. */
export type Stage =
  | 'starting postgres'
  | 'starting service'
  | 'calibrating'
  | 'load'
  | 'draining'
  | 'probing for leaks'
  | 'stopping'
  | 'done';

/** The run at this moment. Counts are what was observed so far. */
export interface RunStatus {
  readonly stage: Stage;
  /** Sessions of the services, counted exactly by their links; 0 where there are no links. */
  readonly sessions: number;
  readonly peakSessions: number;
  /** All client backends but the harness's own, in the last sample. */
  readonly backends: number;
  readonly byState: ReadonlyMap<string, number>;
  readonly refused: number;
  readonly instancesReady: number;
  readonly instancesStarting: number;
}

/** Keeps the status up to date from the run's own observations. */
export interface StatusBoard {
  status(): RunStatus;
  enter(stage: Stage): void;
  event(event: RunEvent): void;
  sample(head: SampleEvent, rows: readonly BackendRow[]): void;
}

/** A status board that starts empty. */
export function makeStatusBoard(): StatusBoard {
  let stage: Stage = 'starting postgres';
  let sessions = 0;
  let peakSessions = 0;
  let backends = 0;
  let refused = 0;
  let byState: ReadonlyMap<string, number> = new Map();
  const instances = new Map<string, string>();
  const inState = (state: string): number => [...instances.values()].filter((one) => one === state).length;
  return {
    status: () => ({
      stage,
      sessions,
      peakSessions,
      backends,
      byState,
      refused,
      instancesReady: inState('ready'),
      instancesStarting: inState('starting'),
    }),
    enter: (next) => (stage = next),
    event: (event) => {
      if (event.kind === 'instance') follow(instances, event);
      if (event.kind !== 'link') return;
      if (event.what === 'refused') refused += 1;
      if (event.what === 'session') sessions += 1;
      if (event.what === 'close' && event.was_session === true) sessions -= 1;
      peakSessions = Math.max(peakSessions, sessions);
    },
    sample: (head, rows) => {
      backends = head.backends ?? backends;
      byState = countByState(rows);
    },
  };
}

/** Forgets instances that are gone: a long run starts and stops many. */
function follow(instances: Map<string, string>, { instance, state }: InstanceEvent): void {
  if (state === 'stopped' || state === 'failed') instances.delete(instance);
  else instances.set(instance, state);
}

function countByState(rows: readonly BackendRow[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const row of rows)
    counts.set(row.state ?? 'unknown', (counts.get(row.state ?? 'unknown') ?? 0) + row.count);
  return counts;
}
