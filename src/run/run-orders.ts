import type { RunClock } from '../base/clock.ts';
import type { RunRecord } from '../evidence/run-record.ts';
import type { RunWriter } from '../evidence/run-writer.ts';
import type { RunningLoad } from '../load/load.ts';
import type { RunPlan } from '../plan/run-plan.ts';
import type { Ports } from './ports.ts';
import type { StatusBoard } from './status.ts';

/** What a run is made of. */
export interface RunOrders {
  readonly plan: RunPlan;
  readonly ports: Ports;
  /** Where the run is recorded, and what would have to be undone. */
  readonly folder: string;
  readonly writer: RunWriter;
  /** `run.json` as first written. */
  readonly record: RunRecord;
  readonly clock: RunClock;
  readonly board: StatusBoard;
  /** Fires when the person wants to stop; its reason is said in the record. */
  readonly signal: AbortSignal;
  /** Called once the load is on its way, for the screen; with the plan that it really follows. */
  readonly onLoad?: (load: RunningLoad, loadStartUs: number, plan: RunPlan) => void;
}
