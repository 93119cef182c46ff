import type { EmulationScreen } from './emulation-screen.ts';
import { eventLine } from './event-line.ts';

/** A line an event, for a pipe or a file. */
export function plainScreen(): EmulationScreen {
  const { stderr, stdout } = process;
  return {
    event: (event) => {
      const line = eventLine(event);
      if (line !== null) stderr.write(`${line}\n`);
    },
    output: ({ instance, container, text }) => void stderr.write(`${instance} ${container}: ${text}\n`),
    addresses: (text) => void stdout.write(text),
    warning: (text) => void stderr.write(`warning: ${text}\n`),
    stopping: () => undefined,
    close: () => undefined,
  };
}
