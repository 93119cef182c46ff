import { Chalk } from 'chalk';
import Table from 'cli-table3';
import { allVisible } from '../../base/visible.ts';
import type { Look } from '../look.ts';
import type { Finding } from '../../verbs/doctor/finding.ts';

const marks = { ok: 'ok', note: 'note', problem: 'PROBLEM' } as const;

/** The findings as a table, for people. */
export function renderFindings(findings: readonly Finding[], look: Look): string {
  const chalk = new Chalk({ level: look.color ? 2 : 0 });
  const paint = { ok: chalk.green, note: chalk.yellow, problem: chalk.red } as const;
  const table = new Table({
    chars: { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' },
    style: { head: [], border: [], compact: true },
    wordWrap: true,
    colWidths: [9, 20, Math.max(30, look.width - 33)],
  });
  for (const { what, status, found, hint } of allVisible(findings))
    table.push([
      paint[status](marks[status]),
      what,
      hint === undefined ? found : `${found}\n${chalk.dim(`hint: ${hint}`)}`,
    ]);
  return `${table.toString()}\n`;
}
