import type { getContainerRuntimeClient, StartedTestContainer } from 'testcontainers';
import { backendsOf } from '../control/server-end.ts';
import type { Login, ServerProcesses } from '../postgres-server.ts';
import { signalInside } from './container-signals.ts';

type Docker = Awaited<ReturnType<typeof getContainerRuntimeClient>>['container'];

/** A container as Docker's own API has it. */
export type DockerContainer = ReturnType<Docker['getById']>;

/** Where the processes are, and who knows which are whose. */
interface FreezerOrders {
  readonly container: StartedTestContainer;
  readonly monitor: Login;
}

/** Stops processes of the server where they stand, and lets all of them go on. */
export function makeFreezer(
  own: DockerContainer,
  { container, monitor }: FreezerOrders,
): Pick<ServerProcesses, 'freeze' | 'thaw'> {
  const frozen = new Set<number>();
  let isPostmasterFrozen = false;
  return {
    freeze: async (what) => {
      if (what === 'postmaster') {
        // The container's first process; Docker's own pause would stop every session as well.
        await own.kill({ signal: 'SIGSTOP' });
        isPostmasterFrozen = true;
        return 1;
      }
      const reached = await signalInside(container, 'STOP', await backendsOf(monitor, what.role));
      for (const pid of reached) frozen.add(pid);
      return reached.length;
    },
    thaw: async () => {
      if (isPostmasterFrozen) await own.kill({ signal: 'SIGCONT' });
      isPostmasterFrozen = false;
      if (frozen.size > 0) await signalInside(container, 'CONT', [...frozen]);
      frozen.clear();
    },
  };
}
