import { rm } from 'node:fs/promises';
import { availableParallelism, totalmem } from 'node:os';
import { makeRunClock } from '../base/clock.ts';
import { startProcessGuard } from '../base/process-guard.ts';
import { openRunWriter } from '../evidence/run-writer.ts';
import type { RunPlan } from '../plan/run-plan.ts';
import { firstRecord, type Circumstances } from '../run/first-record.ts';
import { portsFor } from '../run/ports.ts';
import { run, type RunEnd } from '../run/run.ts';
import { makeStatusBoard } from '../run/status.ts';
import type { RunFlags } from './flags.ts';
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

/** Runs a plan with a screen in front of it. When nothing could be sent, its folder is taken away again. */
export async function conduct(plan: RunPlan, session: Session): Promise<RunEnd> {
  const { folder, signal, flags } = session;
  const clock = makeRunClock();
  const board = makeStatusBoard();
  const writer = await openRunWriter(folder, clock);
  const record = firstRecord(plan, circumstances(session.startedAtMs));
  const screen = makeScreen(flags, plan, board, clock);
  const progress: { hasLoad: boolean } = { hasLoad: false };
  try {
    const ports = await portsFor(plan.scenario, startProcessGuard());
    const onLoad: typeof screen.load = (load, loadStartUs, followed) => {
      progress.hasLoad = true;
      screen.load(load, loadStartUs, followed);
    };
    return await run({ plan, ports, folder, writer, record, clock, board, signal, onLoad });
  } finally {
    screen.close();
    if (!progress.hasLoad) await rm(folder, { recursive: true, force: true });
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
