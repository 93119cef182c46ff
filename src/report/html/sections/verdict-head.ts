import { formatMs } from '../../../base/units.ts';
import { planWords, retryWords } from '../../load-words.ts';
import { grouped, headlineOf, markedExercise, verdictWords } from '../../words.ts';
import { mark } from '../provenance.ts';
import { html, type Markup } from '../template.ts';
import type { View } from '../view.ts';

const icons = {
  PASS: '✓',
  DEGRADED: '!',
  FAIL: '✗',
  INCONCLUSIVE: '?',
  ABORTED: '■',
  INTERRUPTED: '■',
} as const;

/** The verdict in one sentence, the two answers, and why to believe them. */
export function verdictHead(view: View): Markup {
  const { summary } = view;
  const { verdict, answers, exercise } = summary;
  const said = markedExercise(summary).map(({ text, provenance }) => html`${text} ${mark(provenance)}`);
  return html`<header class="verdict v-${verdict.toLowerCase()}">
    <p class="run-name">
      ${summary.name}
      <span class="muted">· ${startedWords(summary.started_at)} · ${formatMs(runMs(view))} of load</span>
    </p>
    <h1>
      <span class="badge"><span aria-hidden="true">${icons[verdict]}</span> ${verdict}</span>
      <span class="headline">${headlineOf(summary)}</span>
    </h1>
    <p class="verdict-means muted">
      ${verdict}: ${verdictWords[verdict]}.${endedWords(view)}${judgedWords(view)}
    </p>
    <dl class="answers">
      <div>
        <dt>Bounded?</dt>
        <dd class="a-${answers.bounded}">${answerWords(answers.bounded)}</dd>
      </div>
      <div>
        <dt>Fast-failing?</dt>
        <dd class="a-${answers.fast_failing}">${answerWords(answers.fast_failing)}</dd>
      </div>
      <div class="wide">
        <dt>Exercised?</dt>
        <dd class="a-${exercise.exercised ? 'yes' : 'inconclusive'}">
          ${exercise.exercised ? '✓ Yes' : '? Not enough'} <span class="detail">${said}</span>
        </dd>
      </div>
    </dl>
    <section aria-label="Why believe it">
      <h2 class="label">Why believe it ${mark(summary.provenance.sections.schedule)}</h2>
      <ul class="facts">
        ${reasons(view).map(([what, value]) => html`<li><span>${what}</span> <b>${value}</b></li>`)}
      </ul>
    </section>
  </header>`;
}

function reasons({ summary, evidence, samples }: View): readonly (readonly [string, string])[] {
  const { schedule, validity } = summary;
  const held = validity.filter((guard) => guard.ok).length;
  const valid = samples.filter((sample) => sample.ok).length;
  const retried = retryWords(summary);
  return [
    ['sent', planWords(schedule)],
    ...(schedule.closed === null ? [] : [['sent by closed clients', grouped(schedule.closed.sent)] as const]),
    ['dropped', grouped(schedule.dropped + (schedule.closed?.dropped ?? 0))],
    ...(retried === null ? [] : [['retried', retried] as const]),
    ['unfinished', grouped(schedule.unfinished)],
    ['samples of Postgres', `${grouped(valid)} of ${grouped(samples.length)}`],
    ['generator lag p99', schedule.lag_p99_ms === null ? 'unknown' : formatMs(schedule.lag_p99_ms)],
    ['guards that hold', `${held} of ${validity.length}`],
    ['seed', String(evidence.run.seed)],
    ['schedule', schedule.hash.slice(0, 12)],
  ];
}

function runMs({ summary }: View): number {
  const first = summary.phases[0];
  const last = summary.phases.at(-1);
  return first === undefined || last === undefined ? 0 : (last.to_us - first.from_us) / 1000;
}

/** The recorded wall time as it is, in UTC: "2026-11-21 00:17 UTC". */
function startedWords(iso: string): string {
  const match = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d)/.exec(iso);
  return match === null ? iso : `${match[1] ?? ''} ${match[2] ?? ''} UTC`;
}

function endedWords({ summary: { ended } }: View): string {
  if (ended.how === 'completed') return '';
  return ` The run was ${ended.how}${ended.reason === null ? '' : `: ${ended.reason}`}.`;
}

/** Where other rules than the run's own counted. */
function judgedWords({ summary: { judged_by: by } }: View): string {
  const files = [by.contract, by.rules].filter((file) => file !== null);
  return files.length === 0 ? '' : ` Judged by ${files.join(' and ')}, not by what the run was made with.`;
}

function answerWords(answer: 'yes' | 'no' | 'inconclusive'): string {
  return { yes: '✓ Yes', no: '✗ No', inconclusive: '? Can’t tell' }[answer];
}
