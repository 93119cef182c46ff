import { mkdir, open, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunClock } from '../base/clock.ts';
import { EnvironmentError, messageOf } from '../base/errors.ts';
import { attemptTable } from './dataset/attempt-table.ts';
import { backendTable } from './dataset/backend-table.ts';
import { makeBlocks } from './dataset/block.ts';
import type { EvidenceSink } from './evidence.ts';
import { makeEventWriter } from './events/event-writer.ts';
import { makePartWriter } from './dataset/part-writer.ts';
import { writeWhole } from './run-files.ts';
import type { RunRecord } from './run-record.ts';
import { warmUpEncoding } from './dataset/warm-up.ts';

/** A part holds at most this much of the run: what a crash may lose. */
const partUs = 3_000_000;

/** Backend rows come a few at a time and are put into blocks of so many here. */
const blockRows = 1000;

/** How long an event may wait in memory. */
const flushMs = 200;

/**
 * Space kept for the last `run.json`: on a full disk it would otherwise be the one file that can't be written,
 * and the recording could not say that it is incomplete.
 */
const reserveBytes = 128 * 1024;
const reserveName = 'run.json.reserve';

/** The recording of a run that is going on. No call throws or rejects: what goes wrong stands in `lost`. */
export interface RunWriter extends EvidenceSink {
  /** Writes `run.json` anew. */
  record(run: RunRecord): Promise<void>;
  /** Writes what is still open and closes the files. Later observations are dropped. */
  close(): Promise<void>;
  /** What could not be written and why, null while nothing is missing. What was written before stays readable. */
  readonly lost: string | null;
}

/** Starts recording into a folder that holds no run yet; throws `EnvironmentError` when it can't be written to. */
export async function openRunWriter(folder: string, clock: RunClock): Promise<RunWriter> {
  const file = await openFolder(folder);
  await warmUpEncoding();
  let lost: string | null = null;
  let lastRecord: RunRecord | null = null;
  let isClosed = false;
  const onLost = (what: string, error: unknown): void => void (lost ??= `${what}: ${messageOf(error)}`);
  const attempts = makePartWriter(folder, attemptTable, onLost);
  const backends = makePartWriter(folder, backendTable, onLost);
  const backendBlocks = makeBlocks(backendTable, blockRows);
  const takeBackends = (): void => {
    const block = backendBlocks.take();
    if (block !== null) backends.add(block);
  };
  const seal = (): void => {
    takeBackends();
    attempts.seal();
    backends.seal();
  };
  const events = makeEventWriter(file, onLost);
  const stopSealing = sealAsTimeGoes(clock, seal);
  const flushing = setInterval(() => events.flush(), flushMs).unref();
  const record = async (run: RunRecord): Promise<void> => {
    lastRecord = run;
    const content = lost === null ? run : { ...run, evidence_lost: lost };
    await writeWhole(join(folder, 'run.json'), `${JSON.stringify(content, null, 2)}\n`).catch(
      (error: unknown) => onLost('run.json', error),
    );
  };
  return {
    attempts: (block) => {
      if (!isClosed) attempts.add(block);
    },
    backends: (rows) => {
      if (isClosed) return;
      for (const row of rows) if (backendBlocks.add(row)) takeBackends();
    },
    event: (event) => {
      if (!isClosed) events.add(event);
    },
    record,
    close: async () => {
      if (isClosed) return;
      isClosed = true;
      clearInterval(flushing);
      stopSealing();
      seal();
      events.flush();
      await Promise.all([attempts.settled(), backends.settled(), events.settled()]);
      await file.close().catch((error: unknown) => onLost('events.ndjson', error));
      await rm(join(folder, reserveName), { force: true }).catch((error: unknown) =>
        onLost(reserveName, error),
      );
      if (lost !== null && lastRecord !== null) await record(lastRecord);
    },
    get lost() {
      return lost;
    },
  };
}

async function openFolder(folder: string): Promise<Awaited<ReturnType<typeof open>>> {
  try {
    for (const table of [attemptTable, backendTable])
      await mkdir(join(folder, table.name), { recursive: true });
    // "x": never into a folder that another run has written to.
    const file = await open(join(folder, 'events.ndjson'), 'ax');
    await writeFile(join(folder, reserveName), new Uint8Array(reserveBytes));
    return file;
  } catch (error) {
    throw new EnvironmentError([{ message: `can't record into ${folder}: ${messageOf(error)}` }]);
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
