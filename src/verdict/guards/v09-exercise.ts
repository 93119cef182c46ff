import { formatMs, trim } from '../../base/units.ts';
import type { RunFacts } from '../facts/run-facts.ts';
import type { ServiceFacts } from '../facts/service-facts.ts';
import type { Guard, GuardResult } from './guard.ts';
import { exerciseOf, type Exercise } from '../facts/exercise.ts';

/*
 * The promise was put to the test. In the stress phases:
 *
 *     the sessions stood at 90 % of the claim or more for at least 20 % of the time
 *
 * A fleet whose claim is more than the server has can't get there: Postgres refuses first. There 90 % of the usable
 * slots count, and so does a refusal: more exercise than that there is not. A service that was never saturated
 * stayed inside its budget because nothing more was asked of it: without exercise nothing is a PASS. A run without stress that
 * deploys a revision is exercised when both revisions held sessions at once.
 *
 * Where the clients retry, the stress has to be a storm as well: at p = 0 every policy sends one attempt a request.
 *
 *     at least 10 % of the first attempts of the stress phases failed
 */

const limit = 0.2;
const stormLimit = 0.1;

export function checkExercise(exercise: Exercise): GuardResult {
  const pressed = checkPressure(exercise);
  const { stormFailedRatio: failed } = exercise;
  if (failed === null) return pressed;
  const share = `${trim(100 * failed, 1)} % of the first attempts under stress failed`;
  if (failed >= stormLimit) return { ...pressed, reason: `${pressed.reason}; ${share}` };
  const also = pressed.ok ? '' : `; ${pressed.reason}`;
  const reason = `not exercised: ${share}, a retry storm needs ${100 * stormLimit} %${also}`;
  return { ...pressed, ok: false, value: failed, limit: stormLimit, reason };
}

/** `togetherUs` counts where a rollout is all the exercise there is. */
function checkPressure({ saturatedRatio, refused, level, togetherUs }: Exercise): GuardResult {
  const base = { value: saturatedRatio, limit, unit: 'ratio', disturbanceMs: null } as const;
  if (refused > 0)
    return {
      ...base,
      ok: true,
      reason: `Postgres refused ${refused} connections: more exercise there is not`,
    };
  if (saturatedRatio === null && togetherUs !== null) return rolloutAlone(togetherUs);
  if (saturatedRatio === null)
    return { ...base, ok: false, reason: 'not exercised: no stress phase in which sessions were counted' };
  const percent = Math.round(100 * saturatedRatio);
  const held = `${level.sessions} sessions (90 % of ${level.of}) were held ${percent} % of the stress time`;
  const ok = saturatedRatio >= limit;
  return { ...base, ok, reason: ok ? held : `not exercised: ${held}, needed 20 %` };
}

function rolloutAlone(togetherUs: number): GuardResult {
  const base = { value: null, limit: null, unit: 'ratio', disturbanceMs: null } as const;
  if (togetherUs === 0)
    return { ...base, ok: false, reason: 'not exercised: two revisions never held sessions at once' };
  return {
    ...base,
    ok: true,
    reason: `two revisions held sessions at once for ${formatMs(togetherUs / 1000)}`,
  };
}

export const exercise = {
  id: 'V09',
  name: 'exercise',
  title: 'the promise was put to the test',
  meaning: 'Stress pressed hard enough on the claim for a PASS to mean something.',
  provenance: 'observed',
  check: (run: RunFacts, service: ServiceFacts) => checkExercise(exerciseOf(run, service)),
} as const satisfies Guard;
