import { latencyLog } from '../evidence/latency/latency-log.ts';
import { readEvidence } from '../evidence/read-evidence.ts';
import { writeRunFile } from '../evidence/run-files.ts';
import { renderReport } from '../report/render-report.ts';
import { judge as judgeEvidence } from '../verdict/judge.ts';
import { underOtherRules } from '../verdict/other-rules.ts';
import type { Summary } from '../verdict/summary/summary.ts';
import { loadRules, type RuleFiles } from './load-rules.ts';

/** By which rules a stored run is judged, and what becomes of it. */
export interface JudgeOptions extends RuleFiles {
  /** Writes `summary.json`, `latency.hlog` and the report files into the folder; false unless given. */
  readonly write?: boolean;
}

/**
 * Judges a stored run from its folder alone, by its own rules or by others. Throws `EvidenceError` where the folder
 * can't be read, and `InputError` with what is wrong in the files of other rules.
 */
export async function judge(folder: string, options: JudgeOptions = {}): Promise<Summary> {
  const recorded = await readEvidence(folder);
  const other = await loadRules(options, recorded.run);
  const evidence = other === null ? recorded : underOtherRules(recorded, other);
  const summary = judgeEvidence(evidence, other);
  if (options.write !== true) return summary;
  await writeRunFile(folder, 'summary.json', `${JSON.stringify(summary, null, 2)}\n`);
  await writeRunFile(folder, 'latency.hlog', latencyLog(evidence));
  for (const { name, content } of await renderReport(evidence, summary))
    await writeRunFile(folder, name, content);
  return summary;
}
