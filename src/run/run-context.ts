import type { Teardown } from '../base/teardown.ts';
import type { RunRecord } from '../evidence/run-record.ts';
import type { RunningService } from '../platform/platform.ts';
import type { RunningPostgres } from '../postgres/postgres-server.ts';
import type { LoadWatch } from './abort/watch-load.ts';
import type { ChaosMeans } from './prepare-chaos.ts';
import type { Watched } from './start-observers.ts';
import type { PartsWatch } from './watch-parts.ts';

/** What a run has once everything is started: what load is sent to, what watches it, and where it is noted. */
export interface RunContext {
  readonly service: RunningService;
  readonly postgres: RunningPostgres;
  readonly chaos: ChaosMeans;
  readonly teardown: Teardown;
  readonly parts: PartsWatch;
  /** Resolves when nothing would clean up after a kill -9 any more. Never rejects. */
  readonly unguarded: Promise<string>;
  readonly drain: Watched['drain'];
  /** Ends the load by the scenario's own `abort:`. */
  readonly abort: LoadWatch;
  readonly keep: (change: Partial<RunRecord>) => Promise<void>;
}

/** Load warms up on a path that no instance sees, or not at all. */
export function warmPathOf({ warmPath }: RunningService): { readonly warmPath?: string } {
  return warmPath === null ? {} : { warmPath };
}
