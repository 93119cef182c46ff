import { rm } from 'node:fs/promises';
import { availableParallelism, totalmem } from 'node:os';
import { makeRunClock } from '../base/clock.ts';
import { startProcessGuard } from '../base/process-guard.ts';
import type { RunRecord } from '../evidence/run-record.ts';
import { openRunWriter } from '../evidence/run-writer.ts';
import type { RunPlan } from '../plan/run-plan.ts';
import { firstRecord, type Circumstances } from '../run/first-record.ts';
import { effectiveYaml } from '../scenario/effective.ts';
import { portsFor } from '../run/ports.ts';
import { run, type RunEnd } from '../run/run.ts';
import { makeStatusBoard } from '../run/status.ts';
import { startProgress, type ProgressFeed, type ProgressOptions } from './progress.ts';
import { toolVersion } from './version.ts';

/** Where a run is recorded, what may stop it, and who is told. */
export interface Session extends ProgressOptions {
  readonly folder: string;
  /** Wall time, for the record. */
  readonly startedAtMs: number;
  readonly signal: AbortSignal;
}

/**
 * Runs a plan into its folder. The folder is removed again when nothing was sent that could be judged, unless its
 * journal says what is still to be undone.
 */
export async function conduct(plan: RunPlan, session: Session): Promise<RunEnd> {
  const { folder, signal } = session;
  const clock = makeRunClock();
  const board = makeStatusBoard();
  const writer = await openRunWriter(folder, clock);
  await writer.keep('effective.yaml', effectiveYaml(plan.scenario));
  const record = firstRecord(plan, circumstances(session.startedAtMs));
  const progress = startProgress(session, plan, board, clock);
  const kept: { isKept: boolean } = { isKept: false };
  try {
    const ports = await portsFor(plan.scenario, startProcessGuard());
    const onLoad: ProgressFeed['load'] = (load, loadStartUs, followed) => {
      kept.isKept = true;
      progress.load(load, loadStartUs, followed);
    };
    const end = await run({ plan, ports, folder, writer, record, clock, board, signal, onLoad });
    kept.isKept ||= hasEvidence(end.record) || end.leftOver.length > 0;
    return end;
  } finally {
    progress.stop();
    if (!kept.isKept) await rm(folder, { recursive: true, force: true });
  }
}

/** Whether there is anything to judge: load, or what measured the capacity before it. */
export function hasEvidence({ load_start_us, calibrations = [] }: RunRecord): boolean {
  return load_start_us !== null || calibrations.length > 0;
}

function circumstances(startedAtMs: number): Circumstances {
  const { platform, arch, version } = process;
  return {
    toolVersion: toolVersion(),
    nodeVersion: version,
    startedAt: new Date(startedAtMs).toISOString(),
    machine: { platform, arch, cpus: availableParallelism(), memory_bytes: totalmem() },
  };
}
