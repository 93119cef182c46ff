import { mkdir, open, rm, writeFile, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunClock } from '../base/clock.ts';
import { EnvironmentError, messageOf } from '../base/errors.ts';
import { attemptTable } from './dataset/attempt-table.ts';
import { backendTable } from './dataset/backend-table.ts';
import { makeBlocks } from './dataset/block.ts';
import type { EvidenceSink } from './evidence.ts';
import { eventsName, makeEventWriter } from './events/event-writer.ts';
import { makePartWriter } from './dataset/part-writer.ts';
import { manifestName } from './manifest/manifest-line.ts';
import { makeManifestWriter, type ManifestWriter } from './manifest/manifest-writer.ts';
import { printRun } from './record/run-file.ts';
import { writeWhole } from './run-files.ts';
import type { RunRecord } from './run-record.ts';
import { shownBlock, shownRunRecord } from './shown.ts';
import { warmUpEncoding } from './dataset/warm-up.ts';

/** A part holds at most this much of the run, so a crash loses no more. */
const partUs = 3_000_000;

/** Backend rows come a few at a time and are collected into blocks of this size. */
const blockRows = 1000;

/** How long an event may wait in memory. */
const flushMs = 200;

/**
 * Space kept for the last `run.json`: on a full disk it would otherwise be the one file that can't be written,
 * and the recording could not say that it is incomplete.
 */
const reserveBytes = 128 * 1024;
const reserveName = 'run.json.reserve';

/** The recording of a run that is going on. No call throws or rejects: what went wrong is in `lost`. */
export interface RunWriter extends EvidenceSink {
  /** Writes `run.json` anew. */
  record(run: RunRecord): Promise<void>;
  /** Writes a file that stays as it is, such as `effective.yaml`. */
  keep(name: string, content: string): Promise<void>;
  /** Writes what is still open and closes the files. Later observations are dropped. */
  close(): Promise<void>;
  /** What could not be written and why, null while nothing is missing. What was written before stays readable. */
  readonly lost: string | null;
}

/** Starts recording into a folder that holds no run yet; throws `EnvironmentError` when it can't be written to. */
export async function openRunWriter(folder: string, clock: RunClock): Promise<RunWriter> {
  const files = await openFolder(folder);
  await warmUpEncoding();
  const losses = makeLosses();
  const manifest = makeManifestWriter(files.manifest, losses.add);
  const wholes = makeWholeFiles(folder, losses, manifest);
  const place = { folder, manifest, onLost: losses.add };
  const attempts = makePartWriter(place, attemptTable);
  const backends = makePartWriter(place, backendTable);
  const backendBlocks = makeBlocks(backendTable, blockRows);
  const takeBackends = (): void => {
    const block = backendBlocks.take();
    if (block !== null) backends.add(shownBlock(backendTable, block));
  };
  const events = makeEventWriter(files.events, losses.add, manifest);
  const seal = (): void => {
    takeBackends();
    attempts.seal();
    backends.seal();
    events.seal();
  };
  const stopSealing = sealAsTimeGoes(clock, seal);
  const flushing = setInterval(() => events.flush(), flushMs).unref();
  let isClosed = false;
  return {
    attempts: (block) => {
      if (!isClosed) attempts.add(shownBlock(attemptTable, block));
    },
    backends: (rows) => {
      if (isClosed) return;
      for (const row of rows) if (backendBlocks.add(row)) takeBackends();
    },
    event: (event) => {
      if (!isClosed) events.add(event);
    },
    record: wholes.record,
    keep: wholes.keep,
    close: async () => {
      if (isClosed) return;
      isClosed = true;
      clearInterval(flushing);
      stopSealing();
      seal();
      await Promise.all([attempts.settled(), backends.settled(), events.settled()]);
      await closeFiles(folder, files, manifest, losses);
      if (losses.first !== null) await wholes.recordAgain();
    },
    get lost() {
      return losses.first;
    },
  };
}

/** Remembers the first thing that could not be written, and why. */
interface Losses {
  readonly first: string | null;
  readonly add: (what: string, error: unknown) => void;
}

function makeLosses(): Losses {
  let first: string | null = null;
  return {
    get first() {
      return first;
    },
    add: (what, error) => void (first ??= `${what}: ${messageOf(error)}`),
  };
}

/** The files that are written in one go. */
interface WholeFiles extends Pick<RunWriter, 'record' | 'keep'> {
  /** Writes the last record once more, with what was lost since. */
  recordAgain(): Promise<void>;
}

function makeWholeFiles(folder: string, losses: Losses, manifest: ManifestWriter): WholeFiles {
  let last: RunRecord | null = null;
  const record = async (run: RunRecord): Promise<void> => {
    last = run;
    try {
      const content = shownRunRecord(losses.first === null ? run : { ...run, evidence_lost: losses.first });
      await writeWhole(join(folder, 'run.json'), printRun(content));
    } catch (error) {
      losses.add('run.json', error);
    }
  };
  return {
    record,
    recordAgain: async () => {
      if (last !== null) await record(last);
    },
    keep: async (name, content) => {
      try {
        await writeWhole(join(folder, name), content);
        manifest.addFile(name, content);
      } catch (error) {
        losses.add(name, error);
      }
    },
  };
}

/** Writes the manifest's last line, which says that all is there, and makes room for the last `run.json`. */
async function closeFiles(
  folder: string,
  files: OpenFiles,
  manifest: ManifestWriter,
  losses: Losses,
): Promise<void> {
  await files.events.close().catch((error: unknown) => losses.add(eventsName, error));
  await (losses.first === null ? manifest.end() : manifest.settled());
  await files.manifest.close().catch((error: unknown) => losses.add(manifestName, error));
  await rm(join(folder, reserveName), { force: true }).catch((error: unknown) =>
    losses.add(reserveName, error),
  );
}

interface OpenFiles {
  readonly events: FileHandle;
  readonly manifest: FileHandle;
}

async function openFolder(folder: string): Promise<OpenFiles> {
  try {
    for (const table of [attemptTable, backendTable])
      await mkdir(join(folder, table.name), { recursive: true });
    // "x": never into a folder that another run has written to.
    const events = await open(join(folder, eventsName), 'ax');
    const manifest = await open(join(folder, manifestName), 'ax');
    await writeFile(join(folder, reserveName), new Uint8Array(reserveBytes));
    return { events, manifest };
  } catch (error) {
    const hint = '--out names another folder';
    throw new EnvironmentError([{ message: `can't record into ${folder}: ${messageOf(error)}`, hint }]);
  }
}

/** Closes the open parts whenever they hold `partUs` of the run. Returns how to stop. */
function sealAsTimeGoes(clock: RunClock, seal: () => void): () => void {
  let sealedUs = clock.nowUs();
  const timer = setInterval(() => {
    if (clock.nowUs() - sealedUs < partUs) return;
    sealedUs = clock.nowUs();
    seal();
  }, flushMs).unref();
  return () => clearInterval(timer);
}
