import type { Diagnosis, Finding } from './shared/diagnosis.ts';
import { seenAs, type Facts } from '../facts/run-facts.ts';
import { overTheirLine, type OverLine } from './shared/over-line.ts';
import type { Pain } from './shared/pain.ts';
import { peakSessions } from '../facts/sessions/peaks.ts';
import { biggerServer, whatIf } from './shared/what-if.ts';

/*
 * Somebody else holds more than their line: another declared service is over its own claim while this one is inside
 * its own; or the headroom was invaded while this service stayed inside its claim, and the declared sum fits.
 */

export const neighbour: Diagnosis = {
  id: 'D23',
  title: 'a neighbour, not this service',
  diagnose: ({ facts, pain }) => {
    const [first] = overTheirLine(facts);
    return first === undefined ? stranger(facts, pain) : declared(facts, first, pain);
  },
};

/** A service with a line of its own, and over it. */
function declared(facts: Facts, { facts: other, result }: OverLine, pain: Pain | null): Finding {
  const { service, thresholds } = other;
  const { name } = service;
  const most = peakSessions(other) ?? result.value ?? 0;
  const own = peakSessions(facts);
  const held = own === null ? 'was never seen over it' : `held ${own} sessions at most`;
  const sum = `${service.maxInstances} x ${service.workersPerInstance} x ${service.poolMax}`;
  return {
    confidence: other.exact === null || facts.exact === null ? 'medium' : 'high',
    lever: `the pools and instances of ${name}: it held ${most} sessions, its claim is ${thresholds.claim} (${sum})`,
    evidence: [
      `${facts.service.name} stayed inside its claim of ${facts.thresholds.claim}: it ${held}`,
      `${name}: ${result.reason}`,
      ...(pain === null
        ? []
        : [
            `at the first violation (${pain.boundId}) ${facts.service.name} held ${pain.sessions} sessions, ${othersWords(facts, pain.tUs)}`,
          ]),
    ],
    confirm: `run again without ${name}: what was broken must hold`,
    whatIf: [
      whatIf(other, `${name} as it is: its claim ${thresholds.claim} -> ${most}`, {
        backgroundSessions: service.backgroundSessions + Math.max(0, most - thresholds.claim),
      }),
      whatIf(other, `${name} held to its claim of ${thresholds.claim}`, {}),
    ],
  };
}

/** Sessions of nobody that was declared, or of more than what is left for them. */
function stranger(facts: Facts, pain: Pain | null): Finding | null {
  const { thresholds, budget } = facts;
  if (pain === null || !budget.fitsSteady || pain.sessions > thresholds.claim) return null;
  const others = othersAt(facts, pain.tUs);
  const total = others.reduce((sum, { count }) => sum + count, 0);
  if (total === 0 || total + pain.sessions <= thresholds.nonHeadroomMax) return null;
  const culprit = others.find(({ who, count }) => !isInsideItsLine(facts, who, count));
  if (culprit === undefined) return null;
  const names = others.map(({ who, count }) => `${who} ${count}`).join(', ');
  return {
    confidence: facts.exact === null ? 'medium' : 'high',
    lever: `the budget of the other owner: ${culprit.who}`,
    evidence: [
      `this service held ${pain.sessions} sessions, its claim is ${thresholds.claim}`,
      `others held ${total} sessions: ${names}; with the headroom of ${facts.headroom} kept free there was room for ${Math.max(0, thresholds.nonHeadroomMax - pain.sessions)}`,
    ],
    confirm: 'count the sessions per role without this service: the others alone are over their line',
    whatIf: [biggerServer(facts)],
  };
}

function isInsideItsLine(facts: Facts, who: string, count: number): boolean {
  const other = facts.others.find(({ service }) => service.name === who);
  return other !== undefined && count <= seenAs(facts, other).thresholds.claim;
}

function othersWords(facts: Facts, tUs: number): string {
  const others = othersAt(facts, tUs);
  if (others.length === 0) return 'and no other session was sampled';
  return `others ${others.map(({ who, count }) => `${who} ${count}`).join(', ')}`;
}

function othersAt(
  { samples, service }: Facts,
  tUs: number,
): readonly { readonly who: string; readonly count: number }[] {
  const sample = samples.find((candidate) => candidate.ok && candidate.tUs >= tUs);
  const counts = new Map<string, number>();
  for (const row of sample?.rows ?? []) {
    if (row.service === service.name || row.state === 'starting') continue;
    const who = row.service ?? row.role ?? row.applicationName ?? 'unknown';
    counts.set(who, (counts.get(who) ?? 0) + row.count);
  }
  return [...counts].map(([who, count]) => ({ who, count })).sort((a, b) => b.count - a.count);
}
