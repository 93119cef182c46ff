import { EnvironmentError, type Problem } from '../base/errors.ts';
import type { Evidence } from '../evidence/evidence.ts';
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

/** A verdict, and what of it could not be written. */
export interface Written {
  readonly summary: Summary;
  /** Files that could not be written, and why. Empty as a rule. */
  readonly unwritten: readonly Problem[];
}

/**
 * Judges a stored run from its folder alone, by its own rules or by others. Throws `EvidenceError` where the folder
 * can't be read, `InputError` with what is wrong in the files of other rules, and `EnvironmentError` where the verdict
 * can't be written.
 */
export async function judge(folder: string, options: JudgeOptions = {}): Promise<Summary> {
  if (options.write !== true) return (await judgeOnly(folder, options)).summary;
  const { summary, unwritten } = await judgeAndWrite(folder, options);
  if (unwritten.length > 0) throw new EnvironmentError(unwritten);
  return summary;
}

/** The same, and writes it. A full disk takes nothing from the verdict. */
export async function judgeAndWrite(folder: string, rules: RuleFiles = {}): Promise<Written> {
  const { evidence, summary } = await judgeOnly(folder, rules);
  const unwritten: Problem[] = [];
  const write = async (name: string, content: string): Promise<void> => {
    try {
      await writeRunFile(folder, name, content);
    } catch (error) {
      if (!(error instanceof EnvironmentError)) throw error;
      unwritten.push(...error.problems);
    }
  };
  await write('summary.json', `${JSON.stringify(summary, null, 2)}\n`);
  await write('latency.hlog', latencyLog(evidence));
  for (const { name, content } of await renderReport(evidence, summary)) await write(name, content);
  return { summary, unwritten };
}

async function judgeOnly(
  folder: string,
  rules: RuleFiles,
): Promise<{ readonly evidence: Evidence; readonly summary: Summary }> {
  const recorded = await readEvidence(folder);
  const other = await loadRules(rules, recorded.run);
  const evidence = other === null ? recorded : underOtherRules(recorded, other);
  return { evidence, summary: judgeEvidence(evidence, other) };
}
