import { stripVTControlCharacters } from 'node:util';
import { createLogUpdate } from 'log-update';
import { visible, visibleLine } from '../../base/visible.ts';
import { lookOf, type Look } from '../look.ts';
import type { EmulationBoard } from './emulation-board.ts';
import { emulationLines } from './emulation-lines.ts';
import type { EmulationScreen } from './emulation-screen.ts';
import { eventLine } from './event-line.ts';

const paintEveryMs = 500;

/** How many of the last lines, printed by instances or about them, stand below the table. */
const shownLines = 8;

const clearScreen = '\u001B[2J\u001B[H';

/** A table that is redrawn in place, with the last lines of the log below it. */
export function terminalScreen(board: EmulationBoard, colorFlag: boolean): EmulationScreen {
  const { stderr, stdout } = process;
  const draw = createLogUpdate(stderr);
  const recent: string[] = [];
  let addresses = '';
  let painted = 0;
  let footer = 'starting; Ctrl-C stops';
  const say = (text: string): void => {
    recent.push(visibleLine(stripVTControlCharacters(text)));
    if (recent.length > shownLines) recent.shift();
  };
  const paint = (): void => {
    const lines = [...frame(board, recent, lookOf(stderr, colorFlag), roomFor(addresses)), footer];
    // Unchanged lines at the end would be lost when the frame above them grows or shrinks.
    if (lines.length !== painted) draw.clear();
    painted = lines.length;
    draw(lines.join('\n'));
  };
  // A narrower terminal has wrapped the lines of the last frame: where they are is unknown.
  const startOver = (): void => {
    draw.done();
    stderr.write(clearScreen);
    if (stdout.isTTY) stdout.write(addresses);
    paint();
  };
  const timer = setInterval(paint, paintEveryMs);
  stderr.on('resize', startOver);
  paint();
  return {
    event: (event) => {
      // The platform can answer thousands of times a second; the table counts them.
      const line = event.kind === 'platform' ? null : eventLine(event);
      if (line !== null) say(line);
    },
    output: ({ instance, container, text }) => say(`${instance} ${container}: ${text}`),
    addresses: (text) => {
      addresses = visible(text);
      footer = 'Ctrl-C stops';
      draw.clear();
      stdout.write(addresses);
      paint();
    },
    warning: (text) => {
      draw.clear();
      stderr.write(`warning: ${visibleLine(text)}\n`);
      paint();
    },
    stopping: () => {
      footer = 'stopping; Ctrl-C again ends it at once';
      // The terminal has written ^C after the last frame.
      draw.clear();
      paint();
    },
    close: () => {
      clearInterval(timer);
      stderr.off('resize', startOver);
      draw.clear();
      draw.done();
    },
  };
}

/** Lines that the terminal has for the frame. */
function roomFor(addresses: string): number {
  return (process.stderr.rows || 24) - addresses.split('\n').length;
}

function frame(
  board: EmulationBoard,
  recent: readonly string[],
  look: Look,
  room: number,
): readonly string[] {
  const lines = emulationLines(board.view(), look);
  const left = Math.max(0, Math.min(shownLines, room - lines.length - 2));
  const log = left === 0 ? [] : recent.slice(-left).map((line) => cut(line, look.width));
  return [...lines, ...(lines.length > 0 && log.length > 0 ? [''] : []), ...log];
}

function cut(line: string, width: number): string {
  return line.length <= width ? line : `${line.slice(0, width - 1)}…`;
}
