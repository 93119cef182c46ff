import type { LinkConditions } from '../plan/link-fault.ts';

/** What is wrong with one direction of a connection. */
export interface FlowConditions {
  readonly delayMs: number;
  /** Each piece is delayed by between `delayMs - spreadMs` and `delayMs + spreadMs`. */
  readonly spreadMs: number;
  readonly bytesPerSec: number | null;
  readonly blocked: boolean;
}

export const freeFlow: FlowConditions = { delayMs: 0, spreadMs: 0, bytesPerSec: null, blocked: false };

/** From Postgres to its client. Latency and jitter that are both in force add up. */
export function downstream({ latencyMs, jitter, bytesPerSec, blackhole }: LinkConditions): FlowConditions {
  const delayMs = latencyMs + (jitter?.delayMs ?? 0);
  return { delayMs, spreadMs: jitter?.spreadMs ?? 0, bytesPerSec, blocked: blackhole };
}

/** From the client to Postgres: only the way back is slowed. */
export function upstream({ blackhole }: LinkConditions): FlowConditions {
  return { ...freeFlow, blocked: blackhole };
}

export function isFree({ delayMs, spreadMs, bytesPerSec, blocked }: FlowConditions): boolean {
  return delayMs === 0 && spreadMs === 0 && bytesPerSec === null && !blocked;
}
