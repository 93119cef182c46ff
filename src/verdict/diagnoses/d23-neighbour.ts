import type { Diagnosis, Finding } from './shared/diagnosis.ts';
import type { RunFacts } from '../facts/run-facts.ts';
import type { ServiceFacts } from '../facts/service-facts.ts';
import { overTheirLine, type OverLine } from './shared/over-line.ts';
import type { Pain } from './shared/pain.ts';
import { peakSessions } from '../facts/sessions/peaks.ts';
import { biggerServer, whatIf } from './shared/what-if.ts';

/*
 * Somebody else holds more than their line: another declared service is over its own claim while this one is inside
 * its own; or the headroom was invaded while this service stayed inside its claim, and the declared sum fits.
 */

export const neighbour = {
  id: 'D23',
  title: 'a neighbour, not this service',
  question: 'us',
  diagnose: ({ run, service, pain }) => {
    const [first] = overTheirLine(run, service);
    return first === undefined ? stranger(run, service, pain) : declared(run, service, first, pain);
  },
} as const satisfies Diagnosis;

/** A service with a line of its own, and over it. */
function declared(
  run: RunFacts,
  service: ServiceFacts,
  { service: other, result }: OverLine,
  pain: Pain | null,
): Finding {
  const { contract, thresholds } = other;
  const { name } = contract;
  const most = peakSessions(run, other) ?? result.value ?? 0;
  const own = peakSessions(run, service);
  const held = own === null ? 'was never seen over it' : `held ${own} sessions at most`;
  const sum = `${contract.maxInstances} x ${contract.workersPerInstance} x ${contract.poolMax}`;
  return {
    confidence: other.exact === null || service.exact === null ? 'medium' : 'high',
    lever: `the pools and instances of ${name}: it held ${most} sessions, its claim is ${thresholds.claim} (${sum})`,
    evidence: [
      `${service.contract.name} stayed inside its claim of ${service.thresholds.claim}: it ${held}`,
      `${name}: ${result.reason}`,
      ...(pain === null
        ? []
        : [
            `at the first violation (${pain.boundId}) ${service.contract.name} held ${pain.sessions} sessions, ${othersWords(run, service, pain.tUs)}`,
          ]),
    ],
    confirm: `run again without ${name}: what was broken must hold`,
    whatIf: [
      whatIf(run, other, `${name} as it is: its claim ${thresholds.claim} -> ${most}`, {
        backgroundSessions: contract.backgroundSessions + Math.max(0, most - thresholds.claim),
      }),
      whatIf(run, other, `${name} held to its claim of ${thresholds.claim}`, {}),
    ],
  };
}

/** Sessions of undeclared owners, or beyond the slots left for them. */
function stranger(run: RunFacts, service: ServiceFacts, pain: Pain | null): Finding | null {
  const { budget } = run;
  const { thresholds } = service;
  if (pain === null || !budget.fitsSteady || pain.sessions > thresholds.claim) return null;
  const others = othersAt(run, service, pain.tUs);
  const total = others.reduce((sum, { count }) => sum + count, 0);
  if (total === 0 || total + pain.sessions <= thresholds.nonHeadroomMax) return null;
  const culprit = others.find(({ who, count }) => !isInsideItsLine(run, who, count));
  if (culprit === undefined) return null;
  const names = others.map(({ who, count }) => `${who} ${count}`).join(', ');
  return {
    confidence: service.exact === null ? 'medium' : 'high',
    lever: `the budget of the other owner: ${culprit.who}`,
    evidence: [
      `this service held ${pain.sessions} sessions, its claim is ${thresholds.claim}`,
      `others held ${total} sessions: ${names}; with the headroom of ${run.headroom} kept free there was room for ${Math.max(0, thresholds.nonHeadroomMax - pain.sessions)}`,
    ],
    confirm: 'count the sessions per role without this service: the others alone are over their line',
    whatIf: [biggerServer(run)],
  };
}

function isInsideItsLine(run: RunFacts, who: string, count: number): boolean {
  const other = run.others.find(({ contract }) => contract.name === who);
  return other !== undefined && count <= other.thresholds.claim;
}

function othersWords(run: RunFacts, service: ServiceFacts, tUs: number): string {
  const others = othersAt(run, service, tUs);
  if (others.length === 0) return 'and no other session was sampled';
  return `others ${others.map(({ who, count }) => `${who} ${count}`).join(', ')}`;
}

function othersAt(
  { samples }: RunFacts,
  { contract }: ServiceFacts,
  tUs: number,
): readonly { readonly who: string; readonly count: number }[] {
  const sample = samples.find((candidate) => candidate.ok && candidate.tUs >= tUs);
  const counts = new Map<string, number>();
  for (const row of sample?.rows ?? []) {
    if (row.service === contract.name || row.state === 'starting') continue;
    const who = row.service ?? row.role ?? row.applicationName ?? 'unknown';
    counts.set(who, (counts.get(who) ?? 0) + row.count);
  }
  return [...counts].map(([who, count]) => ({ who, count })).sort((a, b) => b.count - a.count);
}
