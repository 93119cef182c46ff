import { DefectError, messageOf } from '../base/errors.ts';
import type { RunningLoad } from '../load/load.ts';
import type { RunContext } from './run-context.ts';

/** Why load stopped. */
export interface LoadEnd {
  readonly how: 'completed' | 'interrupted' | 'aborted' | 'failed';
  readonly reason: string | null;
}

/** Whatever ends the load first: its schedule, the signal, its own `abort:`, or losing the service or Postgres. */
export async function firstEnd(
  load: RunningLoad,
  context: RunContext,
  signal: AbortSignal,
): Promise<LoadEnd> {
  const asked = new Promise<LoadEnd>((resolve) => {
    const stop = (): void =>
      resolve({
        how: signal.reason instanceof DefectError ? 'failed' : 'interrupted',
        reason: messageOf(signal.reason),
      });
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
  });
  return Promise.race([
    load.finished.then((): LoadEnd => ({ how: 'completed', reason: null })),
    context.service.lost.then((why): LoadEnd => ({ how: 'failed', reason: `the platform was lost: ${why}` })),
    context.postgres.lost.then((why): LoadEnd => ({ how: 'failed', reason: `Postgres was lost: ${why}` })),
    context.parts.stuck.then((why): LoadEnd => ({ how: 'failed', reason: why })),
    context.unguarded.then((why): LoadEnd => ({ how: 'failed', reason: why })),
    context.abort.met.then((why): LoadEnd => ({ how: 'aborted', reason: why })),
    asked,
  ]);
}
