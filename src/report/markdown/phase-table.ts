import { formatMs } from '../../base/units.ts';
import type { Summary } from '../../verdict/summary/summary.ts';
import { closedWords, loadWords, shareWords, timesWords } from '../load-words.ts';
import { grouped, provenanceMarks } from '../words.ts';
import { plain, table } from './markdown.ts';

const meaning =
  'Good: requests with a good answer within the deadline, from whichever attempt. Outcomes and their times are of attempts, retries included.';

/** What was asked in each phase, what the callers got and how the attempts ended. */
export function phaseTable(summary: Summary): string | null {
  const { phases, amplification, provenance } = summary;
  if (phases.length === 0) return null;
  const isRetried = amplification.some(({ retries }) => retries > 0);
  const rows = phases.map((phase) => [
    `${plain(phase.name)}${phase.stress ? ' (stress)' : ''}`,
    loadWords(phase),
    ...requestCells(phase.name, summary),
    ...(isRetried ? retryCells(phase.name, summary) : []),
    ...attemptCells(phase.name, summary),
  ]);
  const retried = isRetried ? ['Attempts a request:n', 'First failed:n'] : [];
  const asked = ['Phase', 'Rate:n', 'Requests:n', 'Good:n', ...retried];
  const head = [...asked, 'ok:n', 'Other outcomes', 'ok p50:n', 'ok p99:n'];
  const notes = [meaning, ...phases.flatMap((phase) => closedWords(phase) ?? []).map(plain)].join(' ');
  return `### Phases ${provenanceMarks[provenance.sections.latency]}\n\n${table(head, rows)}\n\n${notes}`;
}

function requestCells(name: string, { goodput }: Summary): readonly string[] {
  const got = goodput.find(({ phase }) => phase === name);
  return [grouped(got?.requests ?? 0), shareWords(got?.ratio ?? null)];
}

function retryCells(name: string, { amplification }: Summary): readonly string[] {
  const took = amplification.find(({ phase }) => phase === name);
  return [timesWords(took?.client ?? null), shareWords(took?.first_failed ?? null)];
}

function attemptCells(name: string, { outcomes, latency }: Summary): readonly string[] {
  const counts = outcomes.find(({ phase }) => phase === name)?.counts ?? {};
  const ok = latency.find(({ phase, outcome }) => phase === name && outcome === 'ok');
  const others = Object.entries(counts).filter(([outcome, count]) => outcome !== 'ok' && count > 0);
  const p99 = ok?.response_ms.p99 ?? null;
  return [
    grouped(counts.ok ?? 0),
    others.length === 0
      ? '–'
      : others.map(([outcome, count]) => `${plain(outcome)} ${grouped(count)}`).join(', '),
    ok === undefined ? '–' : formatMs(ok.response_ms.p50),
    p99 === null ? '–' : formatMs(p99),
  ];
}
