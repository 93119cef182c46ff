import type { RunClock } from '../../base/clock.ts';
import type { InstanceEvent, PoolerEvent } from '../../evidence/event.ts';
import type { PoolerTarget } from '../../scenario/postgres/pooler-target.ts';
import { watchPooler, type RunningWatch } from './pooler-watch.ts';

/** Which poolers are looked at, and who hears of it. */
export interface PoolersOrders {
  readonly poolers: readonly PoolerTarget[];
  readonly clock: RunClock;
  readonly onEvent: (event: PoolerEvent) => void;
}

/** Poolers to watch; those beside instances come and go with them. */
export interface PoolersWatch {
  /** Told of every change of an instance. */
  instance(event: InstanceEvent): void;
  stop(): Promise<void>;
}

/** A pooler is looked at ten times a second, and all together at most two hundred times. */
const everyMs = 100;
const sharedMs = 5;

/** Looks at every pooler that stands by itself from now on, and at each instance's from when that is ready. */
export function watchPoolers({ poolers, clock, onEvent }: PoolersOrders): PoolersWatch {
  const watches = new Map<string, RunningWatch>();
  const ended: Promise<void>[] = [];
  const start = (
    { name, service, user, password }: PoolerTarget,
    instance: string | null,
    at: { readonly host: string; readonly port: number },
  ): void => {
    const key = keyOf(name, instance);
    if (watches.has(key)) return;
    watches.set(
      key,
      watchPooler({
        whose: { pooler: name, service, instance },
        login: { ...at, user, password },
        everyMs: () => Math.max(everyMs, sharedMs * watches.size),
        clock,
        onEvent,
      }),
    );
  };
  const end = (key: string): void => {
    const watch = watches.get(key);
    watches.delete(key);
    if (watch !== undefined) ended.push(watch.stop());
  };
  for (const pooler of poolers) if (pooler.place.kind === 'address') start(pooler, null, pooler.place);
  return {
    instance: ({ service, instance, state, ports = {} }) => {
      for (const pooler of poolers) {
        if (pooler.place.kind !== 'container' || pooler.service !== service) continue;
        const port = ports[pooler.place.container];
        if (state === 'ready' && port !== undefined) start(pooler, instance, { host: '127.0.0.1', port });
        else if (state !== 'starting' && state !== 'ready') end(keyOf(pooler.name, instance));
      }
    },
    stop: async () => {
      for (const key of [...watches.keys()]) end(key);
      await Promise.all(ended);
    },
  };
}

function keyOf(name: string, instance: string | null): string {
  return `${name} ${instance ?? ''}`;
}
