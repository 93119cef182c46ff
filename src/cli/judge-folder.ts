import { readEvidence } from '../evidence/read-evidence.ts';
import { writeRunFile } from '../evidence/run-files.ts';
import { latencyLog } from '../evidence/latency/latency-log.ts';
import { renderReport } from '../report/render-report.ts';
import { judge } from '../verdict/judge.ts';
import { underOtherRules } from '../verdict/other-rules.ts';
import type { Summary } from '../verdict/summary/summary.ts';
import type { JudgeFlags } from './flags.ts';
import { loadRules } from './load-rules.ts';

/** Judges a stored run, by its own rules or by others, and writes everything that follows from it into its folder. */
export async function judgeFolder(folder: string, flags: JudgeFlags | null = null): Promise<Summary> {
  const recorded = await readEvidence(folder);
  const other = flags === null ? null : await loadRules(flags, recorded.run);
  const evidence = other === null ? recorded : underOtherRules(recorded, other);
  const summary = judge(evidence, other);
  await writeRunFile(folder, 'summary.json', summaryText(summary));
  await writeRunFile(folder, 'latency.hlog', latencyLog(evidence));
  for (const { name, content } of await renderReport(evidence, summary))
    await writeRunFile(folder, name, content);
  return summary;
}

/** `summary.json` as it is written. */
export function summaryText(summary: Summary): string {
  return `${JSON.stringify(summary, null, 2)}\n`;
}
