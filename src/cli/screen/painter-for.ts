import type { RunFlags } from '../flags.ts';
import { lookOf } from '../look.ts';
import { jsonScreen } from './json-screen.ts';
import { liveScreen } from './live-screen.ts';
import type { Painter } from './painter.ts';
import { plainScreen } from './plain-screen.ts';

/** The screen that the flags and the terminal ask for; null where nothing is to be shown. */
export function painterFor(flags: RunFlags): Painter | null {
  if (flags.quiet === true || flags.progress === 'none') return null;
  if (flags.progress === 'json') return jsonScreen(process.stderr);
  const live = flags.progress === 'tty' || (flags.progress === 'auto' && process.stderr.isTTY);
  return live ? liveScreen(process.stderr, lookOf(process.stderr, flags.color)) : plainScreen(process.stderr);
}
