import type { Teardown } from '../base/teardown.ts';
import type { RunRecord } from '../evidence/run-record.ts';
import type { RunningPlatform } from '../platform/platform.ts';
import type { RunningPostgres } from '../postgres/postgres-server.ts';
import type { LoadWatch } from './abort/watch-load.ts';
import type { ChaosMeans } from './prepare-chaos.ts';
import type { Watched } from './start-observers.ts';

/** What load is sent at, and where its start is noted. */
export interface Stand {
  readonly platform: RunningPlatform;
  readonly postgres: RunningPostgres;
  readonly chaos: ChaosMeans;
  readonly teardown: Teardown;
  readonly drain: Watched['drain'];
  /** What ends the load by the scenario's own rules. */
  readonly abort: LoadWatch;
  readonly keep: (change: Partial<RunRecord>) => Promise<void>;
}
