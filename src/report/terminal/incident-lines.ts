import type { Summary } from '../../verdict/summary/summary.ts';
import { holderWords } from '../incident-words.ts';
import { plainLine, runClock } from '../words.ts';
import { fill } from './fill.ts';

/** The first refusal in two lines: who held what then, and which of the seven questions have a yes. */
export function incidentLines({ incident }: Summary, width: number): readonly string[] {
  if (incident === null) return [];
  const { holders, questions } = incident;
  const groups = (holders?.rows ?? []).slice(0, 4).map((row) => `${row.who} ${holderWords(row)}`);
  const held = groups.length === 0 ? 'nobody was sampled' : groups.join(', ');
  const yes = questions.filter(({ answer, ids }) => answer === 'yes' || ids.length > 0);
  const said = yes.map(({ question, answer, ids }) =>
    [question.replace(/^\d\. /, ''), answer, ...(ids.length === 0 ? [] : [`(${ids.join(', ')})`])].join(' '),
  );
  return [
    ...fill(`incident: first refusal ${runClock(incident.t_us)}; held by ${plainLine(held)}`, {
      width,
      indent: 2,
      most: 1,
    }),
    ...(said.length === 0
      ? []
      : fill(`  ${plainLine(said.join(' · '))}`, { width, indent: 2, hang: 2, most: 1 })),
  ];
}
