import { EvidenceError } from '../base/errors.ts';
import { readEvidence } from '../evidence/read-evidence.ts';
import { readRunFile, writeRunFile } from '../evidence/run-files.ts';
import { renderReport, type ReportFile } from '../report/render-report.ts';
import { summarySchema, type Summary } from '../verdict/summary/summary.ts';

/** What becomes of the files. */
export interface ReportOptions {
  /** Writes them into the run's folder; false unless given. */
  readonly write?: boolean;
}

/**
 * Renders the report files of a run that was judged before. Throws `EvidenceError` where the folder or its summary
 * can't be read.
 */
export async function report(
  folder: string,
  { write = false }: ReportOptions = {},
): Promise<readonly ReportFile[]> {
  const summary = await readSummary(folder);
  const files = await renderReport(await readEvidence(folder), summary);
  if (write) for (const { name, content } of files) await writeRunFile(folder, name, content);
  return files;
}

async function readSummary(folder: string): Promise<Summary> {
  const text = await readRunFile(folder, 'summary.json').catch(() => null);
  const hint = `poolproof judge ${folder} writes it from the recording`;
  if (text === null) throw new EvidenceError([{ message: `${folder} holds no summary.json`, hint }]);
  const read = summarySchema.safeParse(parseJson(text));
  if (!read.success)
    throw new EvidenceError([{ message: `${folder}/summary.json is of another version or damaged`, hint }]);
  return read.data;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
