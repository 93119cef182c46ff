import { trim } from '../../base/units.ts';
import { countAt } from '../../evidence/sessions/steps.ts';
import type { Diagnosis } from './shared/diagnosis.ts';
import type { Facts } from '../facts/run-facts.ts';
import { openAttempts } from '../facts/requests/open-attempts.ts';
import { correlation } from '../statistics/correlation.ts';
import { whatIf } from './shared/what-if.ts';

/*
 * A session is opened for more than every second request that gets through: there is no pool, or one that keeps
 * nothing. The sessions then follow what is in flight, and nothing but the concurrency limits them: the claim is N x C.
 */

const perRequest = 0.5;
const minRequests = 50;
const stepUs = 100_000;

export const connectionPerRequest: Diagnosis = {
  id: 'D19',
  title: 'a connection for each request',
  diagnose: ({ facts }) => {
    const phase = facts.stress[0] ?? facts.phases[0];
    if (phase === undefined || facts.perInstance.size === 0) return null;
    const answers = (facts.attemptsByPhase.get(phase.name) ?? []).filter(
      ({ outcome }) => outcome === 'ok',
    ).length;
    const opens = opensIn(facts, phase) - filling(facts, phase);
    if (answers < minRequests || opens <= perRequest * answers) return null;
    const { service } = facts;
    const together = followsRequests(facts, phase);
    const unpooled = { poolMax: service.containerConcurrency, workersPerInstance: 1 };
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
        whatIf(facts, `as it is: N x C, ${service.containerConcurrency} sessions an instance`, unpooled),
        whatIf(facts, `a pool of ${service.poolMax}, as declared`, {}),
      ],
    };
  },
};

type Phase = Facts['phases'][number];

function opensIn({ evidence, service }: Facts, { fromUs, toUs }: Phase): number {
  return evidence.events.filter(
    (event) =>
      event.kind === 'link' &&
      event.what === 'session' &&
      event.service === service.name &&
      event.t_us >= fromUs &&
      event.t_us < toUs,
  ).length;
}

/** What the pools of the instances that started in it, and of those that were there, may open once. */
function filling({ service, evidence }: Facts, { fromUs, toUs }: Phase): number {
  const there = new Set<string>();
  for (const event of evidence.events) {
    if (event.t_us >= toUs) break;
    if (event.kind !== 'instance' || event.service !== service.name) continue;
    const isGone = event.state === 'stopped' || event.state === 'failed';
    if (isGone && event.t_us < fromUs) there.delete(event.instance);
    else if (!isGone) there.add(event.instance);
  }
  return there.size * service.workersPerInstance * service.poolMax;
}

function followsRequests({ exact, evidence }: Facts, { fromUs, toUs }: Phase): number | null {
  if (exact === null) return null;
  const open = openAttempts(evidence.attempts, fromUs, toUs, stepUs);
  const sessions = Array.from(open, (_, index) => countAt(exact.steps, fromUs + index * stepUs));
  return correlation([...open], sessions);
}
