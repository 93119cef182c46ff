import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { EvidenceError, messageOf } from '../base/errors.ts';
import { isExtraLoad } from '../plan/extra-load.ts';
import { attemptTable } from './dataset/attempt-table.ts';
import type { Attempt } from './attempt.ts';
import { backendTable } from './dataset/backend-table.ts';
import type { Evidence } from './evidence.ts';
import { readEvents } from './events/read-events.ts';
import { readParts } from './dataset/read-parts.ts';
import { sha256 } from './manifest/manifest-line.ts';
import { readManifest, type Manifest } from './manifest/read-manifest.ts';
import { insideRun } from './inside-run.ts';
import { parseRun } from './record/run-file.ts';
import { readRunFile } from './run-files.ts';
import type { RunRecord } from './run-record.ts';

/**
 * Reads a stored run. What is damaged or cut off is left out and said in `gaps`; throws `EvidenceError` where
 * `run.json` is missing, damaged or of another version, for then nothing can be said of the run at all.
 */
export async function readEvidence(folder: string): Promise<Evidence> {
  const run = await readRecord(folder);
  const manifest = await readManifest(folder, run.ended.how === 'running' || run.evidence_lost !== undefined);
  const attempts = await readParts(folder, attemptTable, manifest);
  const backends = await readParts(folder, backendTable, manifest);
  const events = await readEvents(folder, manifest);
  const inside = insideRun(run, { attempts: attempts.rows, backends: backends.rows, events: events.events });
  const losses = [...attempts.losses, ...backends.losses, ...events.losses, ...inside.losses];
  const sorted = inside.attempts.sort(byIntendedStart);
  const beside = sorted.filter(({ phase }) => isExtraLoad(phase));
  return {
    run,
    attempts: beside.length === 0 ? sorted : sorted.filter(({ phase }) => !isExtraLoad(phase)),
    ...(beside.length === 0 ? {} : { beside }),
    backends: inside.backends.sort((a, b) => a.tUs - b.tUs),
    events: inside.events.sort((a, b) => a.t_us - b.t_us),
    gaps: [
      ...gapsOfRun(run),
      ...manifest.gaps,
      ...attempts.gaps,
      ...backends.gaps,
      ...events.gaps,
      ...inside.gaps,
      ...(await damagedFiles(folder, manifest)),
    ],
    ...(losses.length === 0 ? {} : { losses }),
  };
}

/** Files beside the observations that are not as they were written. */
async function damagedFiles(folder: string, manifest: Manifest): Promise<readonly string[]> {
  const kept = ['effective.yaml'].flatMap((file) => manifest.piecesOf(file));
  const checked = kept.map(async ({ file, sha256: written }) => {
    const content = await readFile(join(folder, file)).catch(() => null);
    if (content === null) return [`${file} is missing`];
    return sha256(content) === written ? [] : [`${file} is damaged`];
  });
  return (await Promise.all(checked)).flat();
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
  return parseRun(await readText(folder), join(folder, 'run.json'));
}

async function readText(folder: string): Promise<string> {
  try {
    return await readRunFile(folder, 'run.json');
  } catch (error) {
    const hint = 'a run folder is what `poolproof run` made, such as reports/2026-11-21T00-17-05Z-burst';
    throw new EvidenceError([{ message: `${folder} holds no run: ${messageOf(error)}`, hint }]);
  }
}
