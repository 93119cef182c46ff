import { join } from 'node:path';
import { execa } from 'execa';
import type { ServerFolder } from './server-folder.ts';

/**
 * Removes the segment that a killed postmaster leaves in the system: the seventh line of its pid file names it, and only a
 * server that was killed leaves that file. All other shared memory is in its folder or ends with its processes.
 */
export function removeSharedMemory({ data }: ServerFolder): readonly [string, ...string[]] {
  const script = 'set -- $(sed -n 7p "$0" 2>/dev/null); [ -z "$2" ] || ipcrm -m "$2"';
  return ['sh', '-c', script, join(data, 'postmaster.pid')];
}

/** Does so; where there is none, or no `ipcrm`, nothing happens. */
export async function removeSharedMemoryNow(folder: ServerFolder): Promise<void> {
  const [program, ...args] = removeSharedMemory(folder);
  await execa(program, args, { reject: false, timeout: 5_000 });
}
