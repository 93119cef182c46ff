import type { ServiceContract } from '../../contract/contract.ts';
import { formatMs } from '../../base/units.ts';
import { countAt } from '../../evidence/sessions/steps.ts';
import type { Diagnosis } from './shared/diagnosis.ts';
import type { RunFacts } from '../facts/run-facts.ts';
import type { ServiceFacts } from '../facts/service-facts.ts';
import { whatIf } from './shared/what-if.ts';

/*
 * From a moment on every new session is refused with SQLSTATE 28xxx, and those that are open go on: the credentials
 * have expired or changed, and the service holds on to the old ones. Its sessions die out with their lifetimes.
 */

const minRefusals = 3;

export const credentials = {
  id: 'D16',
  title: 'new sessions use credentials that are no longer valid',
  question: 'opened',
  diagnose: ({ run, service }) => {
    const refused = refusedLogins(run, service);
    const [first] = refused;
    if (first === undefined || refused.length < minRefusals) return null;
    const after = openedFrom(service, first.tUs);
    const held = service.exact === null ? null : countAt(service.exact.steps, first.tUs);
    const lastUs = refused.at(-1)?.tUs ?? first.tUs;
    const isFinal = after.until(lastUs) === 0;
    return {
      confidence: isFinal ? 'high' : 'medium',
      lever: 'fetch the password or token for every new connection, or renew it before it expires',
      evidence: [
        `${refused.length} logins were refused with SQLSTATE ${first.sqlstate}, from one moment on and for ${formatMs((lastUs - first.tUs) / 1000)}`,
        `in that time ${after.until(lastUs)} new sessions came about`,
        ...(held === null ? [] : [`${held} sessions that were open already went on`]),
        ...(after.after(lastUs) === 0 ? [] : [`later ${after.after(lastUs)} logins succeeded again`]),
      ],
      confirm: 'compare the moment with the age of the token, or with when the password was changed',
      whatIf: [whatIf(run, service, 'credentials that are renewed (no session more or less)', {})],
    };
  },
} as const satisfies Diagnosis;

interface RefusedLogin {
  readonly tUs: number;
  readonly sqlstate: string;
}

/** As the links saw it; from the server log where there was none. */
function refusedLogins({ evidence }: RunFacts, { contract }: ServiceFacts): readonly RefusedLogin[] {
  const isLinked = evidence.events.some((event) => event.kind === 'link');
  return evidence.events.flatMap((event) => {
    if (event.kind !== 'link' && event.kind !== 'log') return [];
    const { sqlstate } = event;
    if (sqlstate === undefined || sqlstate === null || !sqlstate.startsWith('28')) return [];
    const isOurs =
      event.kind === 'link' ? event.service === contract.name : !isLinked && isOfRole(contract, event.role);
    return isOurs ? [{ tUs: event.t_us, sqlstate }] : [];
  });
}

function isOfRole({ match }: ServiceContract, role: string | null): boolean {
  return match.role === undefined || role === null || match.role === role;
}

/** Sessions that came about from a moment on. */
function openedFrom(
  { exact }: ServiceFacts,
  fromUs: number,
): { until(tUs: number): number; after(tUs: number): number } {
  const opened = (exact?.steps ?? []).filter(
    ({ tUs, count }, index, steps) => tUs > fromUs && count > (steps[index - 1]?.count ?? 0),
  );
  return {
    until: (tUs) => opened.filter((step) => step.tUs <= tUs).length,
    after: (tUs) => opened.filter((step) => step.tUs > tUs).length,
  };
}
