import { access } from 'node:fs/promises';
import { InputError } from '../../base/errors.ts';
import type { EmulateFlags } from '../flags.ts';

/** What would have no effect is refused, and what is missing is said before anything is started. */
export async function checkFlags({ postgres, maxConnections, setup }: EmulateFlags): Promise<void> {
  const idle = [
    ...(maxConnections === undefined ? [] : ['--max-connections']),
    ...(setup === undefined ? [] : ['--setup']),
  ];
  if (postgres !== true && idle.length > 0)
    throw new InputError(
      idle.map((flag) => ({ message: `${flag} is for the embedded Postgres`, hint: 'add --postgres' })),
    );
  if (setup === undefined) return;
  await access(setup).catch(() => {
    throw new InputError([{ message: `can't read ${setup}: no such file` }]);
  });
}
