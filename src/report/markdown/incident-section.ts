import { formatMs } from '../../base/units.ts';
import type { Summary } from '../../verdict/summary/summary.ts';
import { answerMarks, refusalWords } from '../incident-words.ts';
import { provenanceMarks, runClock } from '../words.ts';
import { plain, table } from './markdown.ts';

/** A run in which connections were refused, in the order in which an incident is asked about. */
export function incidentSection({ incident, diagnosis, budget, provenance }: Summary): string | null {
  if (incident === null) return null;
  const asked = incident.questions.map(({ question, answer, because, ids }) => [
    plain(question),
    `${answerMarks[answer]}${ids.length === 0 ? '' : ` (${ids.join(', ')})`}`,
    plain(because),
  ]);
  const moments = incident.timeline.map(({ t_us, what }) => [runClock(t_us), plain(what)]);
  const held = (incident.holders?.rows ?? []).map(({ who, state, count, oldest_ms: oldest }) => [
    plain(who),
    plain(state),
    String(count),
    oldest === null ? '–' : formatMs(oldest),
  ]);
  const changes = incident.what_if.map(({ id, change, claim, planned, fits }) => [
    id === '' ? 'buys time' : id,
    plain(change),
    String(claim),
    String(planned),
    fits ? '✓ fits' : '✗ does not',
  ]);
  const levers = diagnosis.map(
    ({ id, lever, confidence }, index) => `${index + 1}. ${plain(lever)} (${id}, ${confidence} confidence)`,
  );
  return [
    `### The incident ${provenanceMarks[provenance.sections.refusals]}`,
    `${refusalWords(incident)}; the first at ${runClock(incident.t_us)}.`,
    table(['Question', 'Answer', 'Because'], asked),
    table(['Time', 'What happened'], moments),
    ...(incident.holders === null
      ? ['No sample was taken next to the first refusal.']
      : [
          `The ${incident.holders.total} sessions sampled at ${runClock(incident.holders.t_us)}:`,
          table(['Whose', 'State', 'Sessions:n', 'Oldest in it:n'], held),
        ]),
    ...(levers.length === 0 ? [] : [`Levers, the surest first:\n\n${levers.join('\n')}`]),
    table(['Lever', 'Change', 'Claim:n', 'With headroom:n', `Fits ${budget.usable}?`], changes),
  ].join('\n\n');
}
