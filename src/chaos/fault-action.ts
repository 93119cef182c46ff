import type { Fault } from '../scenario/chaos/faults.ts';
import type { CommandRunner } from './command-runner.ts';
import type { DatabaseTarget } from './database-target.ts';
import type { FaultTarget } from './fault-target.ts';
import type { UndoJournal } from './undo-journal.ts';

/** Where and when a fault acts. */
export interface FaultContext {
  readonly target: FaultTarget;
  /** Null where no role was given that may administer the server. */
  readonly database: DatabaseTarget | null;
  readonly journal: UndoJournal;
  readonly commands: CommandRunner;
  /** The step's id. */
  readonly step: string;
  readonly service: string;
  /** How long it is to last; null: until it is taken back. */
  readonly forMs: number | null;
  /** When it began, on the run clock: events from then on can confirm it. */
  readonly sinceUs: number;
}

/** A fault in force. */
export interface Applied {
  /** What was done, in one line. */
  readonly detail: string;
  /** Looks once for independent evidence of the fault; null: not seen (yet). */
  readonly confirm?: () => Promise<string | null>;
  /** Ends the fault and says what was done; null where there is nothing to undo. */
  readonly undo: (() => Promise<string>) | null;
  /** Whether it ends with the run on its own; by default if the target is disposable. */
  readonly endsWithRun?: boolean;
}

/** One kind of fault. */
export interface FaultAction<K extends Fault['kind']> {
  readonly kind: K;
  apply(fault: Extract<Fault, { readonly kind: K }>, context: FaultContext): Promise<Applied>;
}
