import type { Summary } from '../../verdict/summary/summary.ts';
import { comerWords, fitWords, waitWords } from '../pooler-words.ts';
import { provenanceMarks } from '../words.ts';
import { plain, table } from './markdown.ts';

type Pooler = Summary['poolers'][number];

/** The second layer of the budget, where there is a pooler: both its sides, and who waited. */
export function poolerSection({ poolers, provenance }: Summary): string | null {
  if (poolers.length === 0) return null;
  const rows = poolers.flatMap((one) => [
    row(one, 'Postgres', one.server),
    row(one, 'clients of one', one.client),
  ]);
  const head = ['Pooler', 'Side', 'Budget', 'Predicted:n', 'Peak:n', 'Limit:n', 'Fits'];
  const said = poolers.map((one) => `- ${plain([waitWords(one), comerWords(one) ?? ''].join(' ').trim())}`);
  const mark = provenanceMarks[provenance.sections.backends];
  return `### The budget in front of Postgres ${mark}\n\n${table(head, rows)}\n\n${said.join('\n')}`;
}

function row(
  { name, mode }: Pooler,
  side: string,
  { sum, predicted, peak, limit, fits }: Pooler['server'],
): string[] {
  const number = (value: number | null): string => (value === null ? '–' : String(value));
  return [
    plain(mode === null ? name : `${name} (${mode})`),
    side,
    plain(sum ?? '–'),
    number(predicted),
    number(peak),
    number(limit),
    fitWords(fits),
  ];
}
