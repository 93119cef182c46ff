import type { RunClock } from '../../base/clock.ts';
import type { RunningLoad } from '../../load/load.ts';
import type { RunPlan } from '../../plan/run-plan.ts';
import type { StatusBoard } from '../../run/status.ts';
import { lookOf } from '../look.ts';
import type { RunFlags } from '../flags.ts';
import { jsonScreen } from './json-screen.ts';
import { liveScreen } from './live-screen.ts';
import type { Painter } from './painter.ts';
import { plainScreen } from './plain-screen.ts';
import { makeView } from './view.ts';

/** What shows a run while it is on. Standard output stays clean: all of it goes to standard error. */
export interface Screen {
  /** Load is on its way. */
  load(load: RunningLoad, loadStartUs: number, plan: RunPlan): void;
  close(): void;
}

/** The screen that the flags and the terminal ask for. */
export function makeScreen(flags: RunFlags, planned: RunPlan, board: StatusBoard, clock: RunClock): Screen {
  const painter = painterFor(flags);
  if (painter === null) return { load: () => undefined, close: () => undefined };
  let running: RunningLoad | null = null;
  let startUs = 0;
  let plan = planned;
  const paint = (): void =>
    painter.paint(makeView(plan, board.status(), running?.progress() ?? null, clock.nowUs() - startUs));
  const timer = setInterval(paint, painter.everyMs);
  timer.unref();
  paint();
  return {
    load: (load, loadStartUs, followed) => {
      running = load;
      startUs = loadStartUs;
      plan = followed;
    },
    close: () => {
      clearInterval(timer);
      paint();
      painter.close();
    },
  };
}

function painterFor(flags: RunFlags): Painter | null {
  if (flags.quiet === true || flags.progress === 'none') return null;
  if (flags.progress === 'json') return jsonScreen(process.stderr);
  const live = flags.progress === 'tty' || (flags.progress === 'auto' && process.stderr.isTTY);
  return live ? liveScreen(process.stderr, lookOf(process.stderr, flags.color)) : plainScreen(process.stderr);
}
