import { createLogUpdate } from 'log-update';
import type { RunEvent } from '../../evidence/event.ts';
import type { OutputLine } from '../../platform/platform.ts';
import { lookOf } from '../look.ts';
import type { EmulationBoard } from './emulation-board.ts';
import { emulationLines } from './emulation-lines.ts';
import { eventLine } from './event-line.ts';

/** What shows an emulation while it is on. All of it goes to standard error; standard output has the addresses. */
export interface EmulationScreen {
  event(event: RunEvent): void;
  output(line: OutputLine): void;
  paint(): void;
  close(): void;
}

/** A table that is drawn over, on a terminal; a line an event elsewhere. */
export function makeEmulationScreen(
  board: EmulationBoard,
  flags: { readonly color: boolean },
): EmulationScreen {
  const { stderr } = process;
  const look = lookOf(stderr, flags.color);
  if (stderr.isTTY) {
    const draw = createLogUpdate(stderr);
    return {
      event: () => undefined,
      output: () => undefined,
      paint: () => draw([...emulationLines(board.view(), look.color), 'Ctrl-C stops'].join('\n')),
      close: () => draw.done(),
    };
  }
  return {
    event: (event) => {
      const line = eventLine(event);
      if (line !== null) stderr.write(`${line}\n`);
    },
    output: ({ instance, container, text }) => void stderr.write(`${instance} ${container}: ${text}\n`),
    paint: () => undefined,
    close: () => undefined,
  };
}
