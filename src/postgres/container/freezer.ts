import type { Container } from '../../docker/container.ts';
import { signalInside } from '../../docker/signal-inside.ts';
import { backendsOf } from '../control/server-end.ts';
import type { Login, ServerProcesses } from '../postgres-server.ts';

/** Freezes processes of the server, and lets all of them go on; `monitor` tells whose they are. */
export function makeFreezer(container: Container, monitor: Login): Pick<ServerProcesses, 'freeze' | 'thaw'> {
  const frozen = new Set<number>();
  let isPostmasterFrozen = false;
  return {
    freeze: async (what) => {
      if (what === 'postmaster') {
        // The container's first process alone; Docker's own pause would freeze every session too.
        await container.signal('SIGSTOP');
        isPostmasterFrozen = true;
        return 1;
      }
      const reached = await signalInside(container, 'STOP', await backendsOf(monitor, what.role));
      for (const pid of reached) frozen.add(pid);
      return reached.length;
    },
    thaw: async () => {
      if (isPostmasterFrozen) await container.signal('SIGCONT');
      isPostmasterFrozen = false;
      if (frozen.size > 0) await signalInside(container, 'CONT', [...frozen]);
      frozen.clear();
    },
  };
}
