import { EvidenceError, messageOf } from '../base/errors.ts';
import { isExtraLoad } from '../plan/extra-load.ts';
import { attemptTable } from './dataset/attempt-table.ts';
import type { Attempt } from './attempt.ts';
import { backendTable } from './dataset/backend-table.ts';
import type { Evidence } from './evidence.ts';
import { readEvents } from './events/read-events.ts';
import { readParts } from './dataset/read-parts.ts';
import { readRunFile } from './run-files.ts';
import { runRecord, type RunRecord } from './run-record.ts';

/**
 * Reads a stored run. What is damaged or cut off is left out and said in `gaps`; throws `EvidenceError` where
 * `run.json` is missing, damaged or of another version, for then nothing can be said of the run at all.
 */
export async function readEvidence(folder: string): Promise<Evidence> {
  const run = await readRecord(folder);
  const attempts = await readParts(folder, attemptTable);
  const backends = await readParts(folder, backendTable);
  const events = await readEvents(folder);
  const sorted = attempts.rows.sort(byIntendedStart);
  const beside = sorted.filter(({ phase }) => isExtraLoad(phase));
  return {
    run,
    attempts: beside.length === 0 ? sorted : sorted.filter(({ phase }) => !isExtraLoad(phase)),
    ...(beside.length === 0 ? {} : { beside }),
    backends: backends.rows.sort((a, b) => a.tUs - b.tUs),
    events: events.events.sort((a, b) => a.t_us - b.t_us),
    gaps: [...gapsOfRun(run), ...attempts.gaps, ...backends.gaps, ...events.gaps],
  };
}

function byIntendedStart(a: Attempt, b: Attempt): number {
  return a.intendedUs - b.intendedUs || a.arrival - b.arrival || a.attempt - b.attempt;
}

function gapsOfRun(run: RunRecord): readonly string[] {
  return [
    ...(run.ended.how === 'running'
      ? [
          'run.json says that the run is still going: it was cut off, and what had not been written is missing',
        ]
      : []),
    ...(run.evidence_lost === undefined ? [] : [`the run could not record everything: ${run.evidence_lost}`]),
  ];
}

async function readRecord(folder: string): Promise<RunRecord> {
  const content = parse(folder, await readText(folder));
  const version = (content as { schema_version?: unknown } | null)?.schema_version;
  if (version !== 1) throw otherVersion(folder, version);
  const read = runRecord.safeParse(content);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  const where = issue === undefined ? '' : ` (${issue.path.join('.')}: ${issue.message})`;
  throw new EvidenceError([{ message: `${folder}/run.json does not hold what a run has${where}` }]);
}

async function readText(folder: string): Promise<string> {
  try {
    return await readRunFile(folder, 'run.json');
  } catch (error) {
    const hint = 'a run folder is what `poolproof run` made, such as reports/2026-11-21T00-17-05Z-burst';
    throw new EvidenceError([{ message: `${folder} holds no run: ${messageOf(error)}`, hint }]);
  }
}

function parse(folder: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new EvidenceError([{ message: `${folder}/run.json is damaged: ${messageOf(error)}` }]);
  }
}

function otherVersion(folder: string, version: unknown): EvidenceError {
  const message = `${folder}/run.json has schema_version ${JSON.stringify(version)}; this version of poolproof reads 1`;
  return new EvidenceError([{ message, hint: 'judge it with the version of poolproof that made it' }]);
}
