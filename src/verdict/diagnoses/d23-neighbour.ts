import type { Diagnosis } from '../diagnosis.ts';
import type { Facts } from '../facts.ts';
import { biggerServer } from '../what-if.ts';

/*
 * The headroom was invaded while this service stayed inside its claim, and the declared sum fits: somebody else
 * holds more than their line.
 */

export const neighbour: Diagnosis = {
  id: 'D23',
  title: 'a neighbour, not this service',
  diagnose: ({ facts, pain }) => {
    const { thresholds, budget } = facts;
    if (pain === null || !budget.fitsSteady || pain.sessions > thresholds.claim) return null;
    const others = othersAt(facts, pain.tUs);
    const total = others.reduce((sum, { count }) => sum + count, 0);
    if (total === 0 || total + pain.sessions <= thresholds.nonHeadroomMax) return null;
    const names = others.map(({ who, count }) => `${who} ${count}`).join(', ');
    return {
      confidence: facts.exact === null ? 'medium' : 'high',
      lever: `the budget of the other owner: ${others[0]?.who ?? 'unknown'}`,
      evidence: [
        `this service held ${pain.sessions} sessions, its claim is ${thresholds.claim}`,
        `others held ${total} sessions: ${names}; with the headroom of ${facts.headroom} kept free there was room for ${Math.max(0, thresholds.nonHeadroomMax - pain.sessions)}`,
      ],
      confirm: 'count the sessions per role without this service: the others alone are over their line',
      whatIf: [biggerServer(facts)],
    };
  },
};

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
