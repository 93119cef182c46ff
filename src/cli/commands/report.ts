import { join } from 'node:path';
import { EvidenceError } from '../../base/errors.ts';
import { readEvidence } from '../../evidence/read-evidence.ts';
import { readRunFile, writeRunFile } from '../../evidence/run-files.ts';
import { renderReport } from '../../report/render-report.ts';
import { summarySchema, type Summary } from '../../verdict/summary/summary.ts';
import { exitCodes, type ExitCode } from '../exit-codes.ts';

/** Renders the report files of a judged run again. */
export async function reportRun(folder: string): Promise<ExitCode> {
  const summary = await readSummary(folder);
  const files = await renderReport(await readEvidence(folder), summary);
  for (const { name, content } of files) {
    await writeRunFile(folder, name, content);
    process.stdout.write(`${join(folder, name)}\n`);
  }
  return exitCodes.pass;
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
