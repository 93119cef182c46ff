// A run of ten minutes as a folder, made up: 500 requests a second, 20 samples a second, a stress phase in its middle.
import { makeRunClock } from '#dist/base/clock.js';
import { openRunWriter } from '#dist/evidence/run-writer.js';
import { writeAttempts } from './long-run/attempts.mjs';
import { fixedEvents } from './long-run/events.mjs';
import { recordOf } from './long-run/record.mjs';
import { writeSamples } from './long-run/samples.mjs';

/** Writes the run and yields how many attempts it has. */
export async function writeLongRun(folder) {
  const writer = await openRunWriter(folder, sealingClock());
  await writer.record(recordOf());
  for (const event of fixedEvents()) writer.event(event);
  const attempts = writeAttempts(writer);
  writeSamples(writer);
  await writer.close();
  if (writer.lost !== null) throw new Error(writer.lost);
  return attempts;
}

/** Stands still: nothing is closed by time, and all of it at the end. */
function sealingClock() {
  return { ...makeRunClock(), nowUs: () => 0 };
}
