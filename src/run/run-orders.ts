import type { RunClock } from '../base/clock.ts';
import type { RunRecord } from '../evidence/run-record.ts';
import type { RunWriter } from '../evidence/run-writer.ts';
import type { RunningLoad } from '../load/load.ts';
import type { RunPlan } from '../plan/run-plan.ts';
import type { Ports } from './ports.ts';
import type { StatusBoard } from './status.ts';

/** Everything a run needs. */
export interface RunOrders {
  readonly plan: RunPlan;
  readonly ports: Ports;
  /** Where the run is recorded, with the journal of what would have to be undone. */
  readonly folder: string;
  readonly writer: RunWriter;
  /** `run.json` as first written. */
  readonly record: RunRecord;
  readonly clock: RunClock;
  readonly board: StatusBoard;
  /** Stops the run; its reason goes into the record. */
  readonly signal: AbortSignal;
  /** Called when load has started, with the plan that it really follows. */
  readonly onLoad?: (load: RunningLoad, loadStartUs: number, plan: RunPlan) => void;
}
