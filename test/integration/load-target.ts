import { fork } from 'node:child_process';
import { once } from 'node:events';
import { makeRunClock, type RunClock } from '../../src/base/clock.ts';
import type { Attempt } from '../../src/evidence/attempt.ts';
import type { RunningLoad } from '../../src/load/load.ts';
import { startLoad } from '../../src/load/start-load.ts';
import { makePlan } from '../../src/plan/make-plan.ts';
import type { RunPlan } from '../../src/plan/run-plan.ts';
import { scenarioOf, type Wanted } from '../plan/scenario.ts';

/** A request as the target saw it. */
export interface SeenRequest {
  readonly url: string;
  readonly method: string;
  readonly atNs: string;
  readonly body?: string;
}

/** An HTTP server in a process of its own. */
export interface RunningTarget {
  readonly url: string;
  seen(): Promise<readonly SeenRequest[]>;
  stop(): void;
}

const file = new URL('../fixtures/load/target.mjs', import.meta.url);

/** Starts the target; with a stall it blocks for a while once, so long after its first request. */
export async function startTarget(
  stall: { afterMs: number; ms: number } | null = null,
): Promise<RunningTarget> {
  const env = {
    ...process.env,
    STALL_AFTER_MS: String(stall?.afterMs ?? -1),
    STALL_MS: String(stall?.ms ?? 0),
  };
  const child = fork(file, { env, execArgv: [] });
  const [{ port }] = (await once(child, 'message')) as [{ port: number }];
  return {
    url: `http://127.0.0.1:${port}`,
    seen: async () => {
      child.send('seen');
      const [{ seen }] = (await once(child, 'message')) as [{ seen: readonly SeenRequest[] }];
      return seen;
    },
    stop: () => {
      if (child.connected) child.disconnect();
    },
  };
}

/** Load on its way, and all that it reported so far. */
export interface SentLoad {
  readonly plan: RunPlan;
  readonly load: RunningLoad;
  readonly clock: RunClock;
  readonly loadStartUs: number;
  readonly attempts: readonly Attempt[];
}

/** Plans and starts the load; its first phase begins `leadMs` from now. */
export async function send(url: string, wanted: Wanted, leadMs = 1000): Promise<SentLoad> {
  const plan = makePlan(scenarioOf(wanted));
  const clock = makeRunClock();
  const loadStartUs = clock.nowUs() + leadMs * 1000;
  const attempts: Attempt[] = [];
  const onAttempts = (batch: readonly Attempt[]): void => void attempts.push(...batch);
  const load = await startLoad({ plan, url, warmPath: '/ping', clock, loadStartUs, onAttempts });
  return { plan, load, clock, loadStartUs, attempts };
}

/** A phase of load. */
export function phase(ratePerSec: number, durationMs: number): NonNullable<Wanted['phases']> {
  return [{ name: 'only', ratePerSec, durationMs, stress: false }];
}

/** The smallest value that the share q of the values does not exceed. */
export function quantile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * q) - 1)] ?? NaN;
}

/** How many there are of each. */
export function countBy<T>(items: readonly T[], key: (item: T) => string): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const item of items) counts[key(item)] = (counts[key(item)] ?? 0) + 1;
  return counts;
}
