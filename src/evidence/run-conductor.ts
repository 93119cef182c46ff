import type { ProcessIdentity } from '../base/processes/process-identity.ts';
import { readRunFile } from './run-files.ts';
import { runRecord } from './run-record.ts';

const conductor = runRecord.pick({ process: true });

/** The process that conducts the run of this folder, or did when it was killed; null if `run.json` names none. */
export async function readConductor(folder: string): Promise<ProcessIdentity | null> {
  try {
    return conductor.parse(JSON.parse(await readRunFile(folder, 'run.json'))).process ?? null;
  } catch {
    return null;
  }
}
