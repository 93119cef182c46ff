import { countAt } from '../../evidence/steps.ts';
import type { Diagnosis } from '../diagnosis.ts';
import { failureOf } from '../failure.ts';
import { whatIf } from '../what-if.ts';

/*
 * The load met a sleeping service: no instance at first, then the whole fleet within seconds. Most failures lie in
 * those seconds, and the platform issued them.
 */

const wakeUs = 10_000_000;
const minFailures = 10;

export const wakeUp: Diagnosis = {
  id: 'D22',
  title: 'the wake-up is the incident',
  diagnose: ({ facts }) => {
    const { load, alive, evidence, service } = facts;
    if (load === null || alive === null || countAt(alive, load.fromUs - 1) > 0) return null;
    const failed = evidence.attempts.filter((attempt) => failureOf(attempt) !== null);
    const early = failed.filter((attempt) => attempt.intendedUs < load.fromUs + wakeUs);
    const platform = early.filter((attempt) => attempt.outcome === 'platform');
    if (failed.length < minFailures || early.length < failed.length / 2 || platform.length < early.length / 2)
      return null;
    const instances = countAt(alive, load.fromUs + wakeUs);
    return {
      confidence: 'medium',
      lever: `keep min instances at 1 or more (declared ${service.minInstances}), or lower the claim that wakes at once`,
      evidence: [
        'no instance was alive when the load began',
        `${early.length} of ${failed.length} failures fell into the first 10 s, ${platform.length} of them from the platform`,
        `${instances} instances were alive 10 s later`,
      ],
      confirm: 'run again with min instances 1: these failures must be gone',
      whatIf: [
        whatIf(facts, `min instances ${service.minInstances} -> 1 (the same claim, awake sooner)`, {
          minInstances: 1,
        }),
      ],
    };
  },
};
