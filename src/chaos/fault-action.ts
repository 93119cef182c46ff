import type { Fault } from '../scenario/chaos/faults.ts';
import type { CommandRunner } from './command-runner.ts';
import type { DatabaseTarget } from './database-target.ts';
import type { FaultTarget } from './fault-target.ts';
import type { UndoJournal } from './undo-journal.ts';

/** Where and when a fault is inflicted. */
export interface FaultContext {
  readonly target: FaultTarget;
  /** Null where nobody gave a role that may administer the server. */
  readonly database: DatabaseTarget | null;
  readonly journal: UndoJournal;
  readonly commands: CommandRunner;
  /** The step's id. */
  readonly step: string;
  readonly service: string;
  /** When it began, on the run's clock: what is recorded from then on can confirm it. */
  readonly sinceUs: number;
}

/** A fault in force. */
export interface Applied {
  /** What was done, in one line. */
  readonly detail: string;
  /** One look, at something else than the step's own call; null: not to be seen (yet). */
  readonly confirm?: () => Promise<string | null>;
  /** Ends it, and yields what was done; null where there is nothing left to undo. */
  readonly undo: (() => Promise<string>) | null;
  /** Whether it ends with the run by itself; as the target's services do unless said. */
  readonly endsWithRun?: boolean;
}

/** One kind of fault. */
export interface FaultAction<K extends Fault['kind']> {
  readonly kind: K;
  apply(fault: Extract<Fault, { readonly kind: K }>, context: FaultContext): Promise<Applied>;
}
