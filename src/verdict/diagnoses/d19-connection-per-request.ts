import { trim } from '../../base/units.ts';
import { countAt } from '../../evidence/sessions/steps.ts';
import type { Diagnosis } from './shared/diagnosis.ts';
import type { RunFacts } from '../facts/run-facts.ts';
import type { ServiceFacts } from '../facts/service-facts.ts';
import { openAttempts } from '../facts/requests/open-attempts.ts';
import { correlation } from '../statistics/correlation.ts';
import { whatIf } from './shared/what-if.ts';

/*
 * More than one session is opened for every two requests that get through: there is no pool, or one that keeps nothing.
 * The sessions then follow what is in flight, and only the concurrency limits them: the claim is N x C.
 */

const perRequest = 0.5;
const minRequests = 50;
const stepUs = 100_000;

export const connectionPerRequest = {
  id: 'D19',
  title: 'a new connection for every request',
  question: 'opened',
  diagnose: ({ run, service }) => {
    const phase = run.stress[0] ?? run.phases[0];
    if (phase === undefined || service.perInstance.size === 0) return null;
    const answers = (run.attemptsByPhase.get(phase.name) ?? []).filter(
      ({ outcome }) => outcome === 'ok',
    ).length;
    const opens = opensIn(run, service, phase) - filling(run, service, phase);
    if (answers < minRequests || opens <= perRequest * answers) return null;
    const { contract } = service;
    const together = followsRequests(run, service, phase);
    const unpooled = { poolMax: contract.containerConcurrency, workersPerInstance: 1 };
    return {
      confidence: opens >= 0.8 * answers || (together !== null && together > 0.8) ? 'high' : 'medium',
      lever: 'keep sessions in a pool, one for each process, made when the process starts',
      evidence: [
        `${opens} sessions were opened for ${answers} answers in ${phase.name}: ${trim(opens / answers, 2)} each; a pool opens none`,
        ...(together === null
          ? []
          : [`sessions followed the requests in flight (correlation ${trim(together, 2)})`]),
      ],
      confirm: 'count the sessions opened by ten requests, one after the other: with a pool it is one',
      whatIf: [
        whatIf(
          run,
          service,
          `as it is: N x C, ${contract.containerConcurrency} sessions an instance`,
          unpooled,
        ),
        whatIf(run, service, `a pool of ${contract.poolMax}, as declared`, {}),
      ],
    };
  },
} as const satisfies Diagnosis;

type Phase = RunFacts['phases'][number];

function opensIn({ evidence }: RunFacts, { contract }: ServiceFacts, { fromUs, toUs }: Phase): number {
  return evidence.events.filter(
    (event) =>
      event.kind === 'link' &&
      event.what === 'session' &&
      event.service === contract.name &&
      event.t_us >= fromUs &&
      event.t_us < toUs,
  ).length;
}

/** What the pools of the instances that started in it, and of those that were there, may open once. */
function filling({ evidence }: RunFacts, { contract }: ServiceFacts, { fromUs, toUs }: Phase): number {
  const there = new Set<string>();
  for (const event of evidence.events) {
    if (event.t_us >= toUs) break;
    if (event.kind !== 'instance' || event.service !== contract.name) continue;
    const isGone = event.state === 'stopped' || event.state === 'failed';
    if (isGone && event.t_us < fromUs) there.delete(event.instance);
    else if (!isGone) there.add(event.instance);
  }
  return there.size * contract.workersPerInstance * contract.poolMax;
}

function followsRequests(
  { evidence }: RunFacts,
  { exact }: ServiceFacts,
  { fromUs, toUs }: Phase,
): number | null {
  if (exact === null) return null;
  const open = openAttempts(evidence.attempts, fromUs, toUs, stepUs);
  const sessions = Array.from(open, (_, index) => countAt(exact.steps, fromUs + index * stepUs));
  return correlation([...open], sessions);
}
