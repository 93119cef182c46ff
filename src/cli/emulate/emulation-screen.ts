import type { RunEvent } from '../../evidence/event.ts';
import type { OutputLine } from '../../platform/platform.ts';

/** What shows an emulation while it is on. All of it goes to standard error; standard output has the addresses. */
export interface EmulationScreen {
  event(event: RunEvent): void;
  output(line: OutputLine): void;
  /** The emulation is on, and this is where. */
  addresses(text: string): void;
  /** Something to know; it stays where it is written. */
  warning(text: string): void;
  /** It ends; what is stopped may take its time. */
  stopping(): void;
  close(): void;
}
