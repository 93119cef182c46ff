import { rm } from 'node:fs/promises';
import { availableParallelism, totalmem } from 'node:os';
import { makeRunClock } from '../base/clock.ts';
import { startProcessGuard } from '../base/process-guard.ts';
import { openRunWriter } from '../evidence/run-writer.ts';
import type { RunPlan } from '../plan/run-plan.ts';
import { firstRecord, type Circumstances } from '../run/first-record.ts';
import { effectiveYaml } from '../scenario/effective.ts';
import { portsFor } from '../run/ports.ts';
import { run, type RunEnd } from '../run/run.ts';
import { makeStatusBoard } from '../run/status.ts';
import type { RunFlags } from './flags.ts';
import { hasEvidence } from './has-evidence.ts';
import { makeScreen } from './screen/screen.ts';
import { toolVersion } from './version.ts';

/** Where a run is recorded, and what may stop it. */
export interface Session {
  readonly folder: string;
  /** Wall time, for the record. */
  readonly startedAtMs: number;
  readonly signal: AbortSignal;
  readonly flags: RunFlags;
}

/**
 * Runs a plan with a screen in front of it. When nothing was sent that could be judged, its folder is taken away again,
 * unless its journal says what is still to be undone.
 */
export async function conduct(plan: RunPlan, session: Session): Promise<RunEnd> {
  const { folder, signal, flags } = session;
  const clock = makeRunClock();
  const board = makeStatusBoard();
  const writer = await openRunWriter(folder, clock);
  await writer.keep('effective.yaml', effectiveYaml(plan.scenario));
  const record = firstRecord(plan, circumstances(session.startedAtMs));
  const screen = makeScreen(flags, plan, board, clock);
  const progress: { isKept: boolean } = { isKept: false };
  try {
    const ports = await portsFor(plan.scenario, startProcessGuard());
    const onLoad: typeof screen.load = (load, loadStartUs, followed) => {
      progress.isKept = true;
      screen.load(load, loadStartUs, followed);
    };
    const end = await run({ plan, ports, folder, writer, record, clock, board, signal, onLoad });
    progress.isKept ||= hasEvidence(end.record) || end.leftOver.length > 0;
    return end;
  } finally {
    screen.close();
    if (!progress.isKept) await rm(folder, { recursive: true, force: true });
  }
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
