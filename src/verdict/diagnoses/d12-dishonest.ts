import { trim } from '../../base/units.ts';
import type { Diagnosis } from './shared/diagnosis.ts';
import type { RunFacts } from '../facts/run-facts.ts';
import { whatIf } from './shared/what-if.ts';

/*
 * Answers say 200 and do not hold what the route promises. Where that comes with the stress, an error was swallowed on
 * the way; where it is just as frequent without stress, the route, or what is expected of it, is wrong.
 */

export const dishonest = {
  id: 'D12',
  title: 'failures are passed off as successes',
  question: null,
  diagnose: ({ run, service }) => {
    const { baseline, stress } = run;
    const all = run.notOk.filter(({ outcome }) => outcome === 'dishonest');
    const [example] = all;
    if (example === undefined) return null;
    const before = baseline === null ? 0 : shareIn(run, baseline.name);
    const under = stress.reduce((most, { name }) => Math.max(most, shareIn(run, name)), 0);
    const routes = [...new Set(all.map(({ route }) => route))].join(', ');
    return {
      confidence: under > 2 * before ? 'high' : 'medium',
      lever: `pass the error on: 503 with Retry-After where ${routes} has nothing to say`,
      evidence: [
        `${all.length} answers were a success by their status (${example.status ?? '2xx'}) and not by their body, on ${routes}`,
        `that is ${trim(100 * under, 2)} % of the attempts under stress, ${trim(100 * before, 2)} % at baseline`,
      ],
      confirm: 'read one of these bodies: it holds an error, an empty result or a default',
      whatIf: [whatIf(run, service, 'honest failures (no session more or less)', {})],
    };
  },
} as const satisfies Diagnosis;

function shareIn({ attemptsByPhase, notOk }: RunFacts, name: string): number {
  const count = attemptsByPhase.get(name)?.length ?? 0;
  const hits = notOk.filter(({ outcome, phase }) => outcome === 'dishonest' && phase === name).length;
  return count === 0 ? 0 : hits / count;
}
