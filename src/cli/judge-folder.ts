import { readEvidence } from '../evidence/read-evidence.ts';
import { writeRunFile } from '../evidence/run-files.ts';
import { latencyLog } from '../evidence/latency.ts';
import { renderReport } from '../report/render-report.ts';
import { judge } from '../verdict/judge.ts';
import type { Summary } from '../verdict/summary.ts';

/** Judges a stored run and writes everything that follows from it into its folder. */
export async function judgeFolder(folder: string): Promise<Summary> {
  const evidence = await readEvidence(folder);
  const summary = judge(evidence);
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
