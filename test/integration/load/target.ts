import { fork } from 'node:child_process';
import { once } from 'node:events';
import type { TestContext } from 'vitest';
import { makeRunClock, type RunClock } from '../../../src/base/clock.ts';
import { attemptsIn } from '../../../src/evidence/dataset/attempt-block.ts';
import type { Attempt } from '../../../src/evidence/attempt.ts';
import type { LoadOrders, RunningLoad } from '../../../src/load/load.ts';
import { startLoad } from '../../../src/load/start-load.ts';
import type { RunPlan } from '../../../src/plan/run-plan.ts';
import { planOf, type InFile } from './plan.ts';

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

/** Blocks for a while once, so long after the first request. */
export interface Stall {
  readonly afterMs: number;
  readonly ms: number;
}

/** Starts a target that lives as long as the test. */
export async function targetFor(test: TestContext, stall: Stall | null = null): Promise<RunningTarget> {
  const target = await startTarget(stall);
  test.onTestFinished(() => target.stop());
  return target;
}

/** Starts the target. */
export async function startTarget(
  stall: Stall | null = null,
  program: 'target' | 'byte-target' = 'target',
): Promise<RunningTarget> {
  const file = new URL(`../../fixtures/load/${program}.mjs`, import.meta.url);
  const env = {
    ...process.env,
    STALL_AFTER_MS: String(stall?.afterMs ?? -1),
    STALL_MS: String(stall?.ms ?? 0),
  };
  const child = fork(file, { env, execArgv: [] });
  const [{ port }] = (await once(child, 'message')) as [{ port: number }];
  let asked = 0;
  return {
    url: `http://127.0.0.1:${port}`,
    seen: () => {
      const question = (asked += 1);
      return new Promise((resolve) => {
        const hear = ({ to, seen }: { to: number; seen: readonly SeenRequest[] }): void => {
          if (to !== question) return;
          child.off('message', hear);
          resolve(seen);
        };
        child.on('message', hear);
        child.send(question);
      });
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
export async function send(url: string, wanted: InFile, leadMs = 1000): Promise<SentLoad> {
  return sendPlan(url, await planOf(wanted), leadMs);
}

/** Starts the load of a plan; its first phase begins `leadMs` from now. */
export async function sendPlan(url: string, plan: RunPlan, leadMs = 1000): Promise<SentLoad> {
  const clock = makeRunClock();
  const loadStartUs = clock.nowUs() + leadMs * 1000;
  const attempts: Attempt[] = [];
  const onAttempts: LoadOrders['onAttempts'] = (block) => void attempts.push(...attemptsIn(block));
  const load = await startLoad({ plan, url, warmPath: '/ping', clock, loadStartUs, onAttempts });
  return { plan, load, clock, loadStartUs, attempts };
}

/** One phase of evenly spaced arrivals, in the scenario's words. */
export function evenly(ratePerSec: number, durationMs: number, more: object = {}): object {
  const phases = [{ name: 'only', duration: `${durationMs}ms`, rate: `${ratePerSec}/s` }];
  return { arrivals: 'uniform', ...more, phases };
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
