import { formatMs } from '../../base/units.ts';
import type { Summary } from '../../verdict/summary/summary.ts';
import {
  amount,
  failingFirst,
  grouped,
  headlineOf,
  markedExercise,
  momentWords,
  provenanceLegend,
  provenanceMarks,
  runClock,
  statusMarks,
  statusWords,
  verdictWords,
} from '../words.ts';
import { planWords, retryWords } from '../load-words.ts';
import { incidentSection } from './incident-section.ts';
import { plain, table } from './markdown.ts';
import { phaseTable } from './phase-table.ts';
import { poolerSection } from './pooler-section.ts';

/** `summary.md`: the verdict for a pull request or a job page, complete without the other files. */
export function renderMarkdown(summary: Summary): string {
  const sections = [
    head(summary),
    bounds(summary),
    changes(summary),
    lever(summary),
    incidentSection(summary),
    budget(summary),
    poolerSection(summary),
    phaseTable(summary),
    limits(summary),
  ];
  return `${sections.filter((section) => section !== null).join('\n\n')}\n`;
}

function head(summary: Summary): string {
  const { verdict, answers, schedule, validity, provenance } = summary;
  const said = markedExercise(summary).map((one) => `${plain(one.text)} ${provenanceMarks[one.provenance]}`);
  const held = validity.filter((guard) => guard.ok).length;
  const closed = schedule.closed === null ? '' : `, ${grouped(schedule.closed.sent)} by closed clients`;
  const retried = retryWords(summary);
  const lag = schedule.lag_p99_ms === null ? 'unknown' : formatMs(schedule.lag_p99_ms);
  return `## ${verdict}: ${plain(headlineOf(summary))}

**${plain(summary.name)}** (${verdictWords[verdict]}). Bounded: **${answers.bounded}**. Fast-failing: **${answers.fast_failing}**. ${said.join('')}

Why believe it ${provenanceMarks[provenance.sections.schedule]}: sent ${planWords(schedule)}${closed}, ${grouped(schedule.dropped)} dropped, ${grouped(schedule.unfinished)} unfinished${retried === null ? '' : `, ${plain(retried)}`}, generator lag p99 ${lag}, ${held} of ${validity.length} guards hold, schedule \`${schedule.hash.slice(0, 12).replaceAll('`', '')}\`.`;
}

function bounds(summary: Summary): string {
  const rows = failingFirst(summary.bounds).map((bound) => [
    `${statusMarks[bound.status]} ${statusWords[bound.status]}`,
    `**${plain(bound.id)}** ${plain(bound.name)}${bound.severity === 'soft' ? ' (soft)' : ''}`,
    plain(
      `${amount(bound.value, bound.unit)}${bound.value === null ? '' : ` ${provenanceMarks[bound.provenance]}`}`,
    ),
    plain(amount(bound.limit, bound.unit)),
    bound.first_violation === null ? '–' : plain(momentWords(bound.first_violation)),
    plain(bound.reason),
  ]);
  const head = ['Status', 'Bound', 'Worst seen:n', 'Limit:n', 'First violation', 'What was seen'];
  return `### Bounds\n\n${table(head, rows)}\n\n${plain(provenanceLegend(summary))}`;
}

function changes({ changes: list, provenance }: Summary): string | null {
  if (list.length === 0) return null;
  const rows = list.map(({ t_us, service, what, state, detail }) => [
    runClock(t_us),
    plain(service),
    `${plain(what)} **${state}**`,
    plain(detail),
  ]);
  const mark = provenanceMarks[provenance.sections.changes];
  return `### Rollouts and faults ${mark}\n\n${table(['Time', 'Service', 'What', 'Detail'], rows)}`;
}

function lever({ diagnosis, budget: { usable } }: Summary): string | null {
  const [first] = diagnosis;
  if (first === undefined) return null;
  const evidence = first.evidence.map((line) => `- ${plain(line)}`).join('\n');
  const rows = first.what_if.map(({ change, claim, planned, fits }) => [
    plain(change),
    String(claim),
    String(planned),
    fits ? '✓ fits' : '✗ does not',
  ]);
  const whatIf =
    rows.length === 0
      ? ''
      : `\n\n${table(['Change', 'Claim:n', 'With headroom:n', `Fits ${usable}?`], rows)}`;
  return `### First lever\n\n**${plain(first.lever)}** (${plain(first.id)} ${plain(first.title)}, ${first.confidence} confidence)\n\n${evidence}\n\nTo confirm: ${plain(first.confirm)}${whatIf}`;
}

function budget({
  budget: { sum, fits, accepted_overcommit: accepted },
  backends,
  provenance: { sections },
}: Summary): string {
  const peak =
    backends.peak_exact ?? (backends.peak_sampled === null ? null : `${backends.peak_sampled} (sampled)`);
  const fitting = fits ? 'fits' : `does not fit${accepted ? ', and was accepted in words' : ''}`;
  const refused = backends.refused === 0 ? 'none refused' : `**${grouped(backends.refused)} refused**`;
  return `### Budget\n\n${plain(sum)}: ${fitting}. Sessions at the peak: ${peak ?? 'unknown'} ${provenanceMarks[sections.backends]}; connections: ${refused} ${provenanceMarks[sections.refusals]}.`;
}

function limits({ caveats, validity }: Summary): string | null {
  const broken = validity
    .filter((guard) => !guard.ok)
    .map(({ id, name, reason }) => `Guard ${id} ${name} is broken: ${reason}`);
  const lines = [...broken, ...caveats];
  return lines.length === 0
    ? null
    : `### What was not tested\n\n${lines.map((line) => `- ${plain(line)}`).join('\n')}`;
}
