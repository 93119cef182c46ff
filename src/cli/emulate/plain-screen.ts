import { visible } from '../../base/visible.ts';
import type { EmulationScreen } from './emulation-screen.ts';
import { eventLine } from './event-line.ts';

/** A line an event, for a pipe or a file. */
export function plainScreen(): EmulationScreen {
  const { stderr, stdout } = process;
  return {
    event: (event) => {
      const line = eventLine(event);
      if (line !== null) stderr.write(`${visible(line)}\n`);
    },
    output: ({ instance, container, text }) =>
      void stderr.write(`${instance} ${container}: ${visible(text)}\n`),
    addresses: (text) => void stdout.write(visible(text)),
    warning: (text) => void stderr.write(`warning: ${visible(text)}\n`),
    stopping: () => undefined,
    close: () => undefined,
  };
}
