import type { RunFacts } from '../facts/run-facts.ts';
import { formatMs } from '../../base/units.ts';
import type { Attempt } from '../../evidence/attempt.ts';
import type { Diagnosis } from './shared/diagnosis.ts';
import { ownSamples } from '../facts/sessions/own-samples.ts';
import { whatIf } from './shared/what-if.ts';

/*
 * A request was cut off, by its own timeout or by its caller, and its statement went on: the timeout of the request is
 * no backpressure for the database. Work may outlive its request by T_stmt + eps; a statement that goes on for
 * longer has no timeout of its own.
 */

export const notBackpressure = {
  id: 'D08',
  title: 'the request timeout is used as backpressure',
  question: null,
  diagnose: ({ run, service, results }) => {
    const { thresholds } = service;
    const cut = run.notOk.filter(isCutOff).length;
    if (cut === 0) return null;
    const orphans = results.get('B13')?.status === 'FAIL';
    const oldest = ownSamples(run, service).reduce((most, one) => Math.max(most, one.oldestActiveMs), 0);
    const isUnbounded = oldest > thresholds.orphanMs;
    if (!orphans && !isUnbounded) return null;
    const named = orphansNamed(run.evidence.events);
    const isCertain = orphans && Math.max(named, Number(isUnbounded)) > 0;
    const after = orphans ? results.get('B13')?.witness?.what : undefined;
    return {
      confidence: isCertain ? 'high' : 'medium',
      lever: `a statement timeout of ${formatMs(thresholds.statementMs)} on the session, and cancel what nobody waits for; only then the request timeout`,
      evidence: [
        `${cut} requests were cut off by a timeout, of the service, the platform or their caller`,
        ...(after === undefined ? [] : [`after their end: ${after}`]),
        `the oldest statement at work was ${formatMs(oldest)} old; the contract allows ${formatMs(thresholds.statementMs)}`,
        ...(named === 0
          ? []
          : [`${named} sessions that worked on after load named the request that had left`]),
      ],
      confirm:
        'set client_connection_check_interval to 500ms on the server: what outlives its request must become that short',
      whatIf: [
        whatIf(
          run,
          service,
          `statement timeout ${formatMs(thresholds.statementMs)} in the database (the same claim; a session is free again ${formatMs(thresholds.orphanMs)} after its request at the latest)`,
          {},
        ),
      ],
    };
  },
} as const satisfies Diagnosis;

function isCutOff({ outcome, status }: Attempt): boolean {
  return outcome === 'platform' ? status === 504 : outcome === 'client_timeout' || outcome === 'deadline';
}

type Events = RunFacts['evidence']['events'];

function orphansNamed(events: Events): number {
  return events
    .filter((event) => event.kind === 'drain')
    .reduce((sum, { left }) => sum + left.filter(({ arrival }) => arrival !== null).length, 0);
}
