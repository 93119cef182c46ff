import { access } from 'node:fs/promises';
import { InputError } from '../../base/errors.ts';
import { loadLocalService } from '../../scenario/target/load-local-service.ts';
import type { LocalService } from '../../scenario/target/local-target.ts';
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

/** Reads every service.yaml, and warns of what has no effect. Throws `InputError` with all that is wrong. */
export async function loadServices(
  file: string,
  command: readonly string[],
  { env, container, secret, beside, profile, postgres, databaseUrl }: EmulateFlags,
): Promise<readonly [LocalService, ...LocalService[]]> {
  const containers = Object.entries(container).map(
    ([name, line]) => [name, { command: shell(line) }] as const,
  );
  const hasDatabase = postgres === true || databaseUrl !== undefined;
  const common = { cwd: process.cwd(), secrets: secret, profile, hasDatabase };
  const own = { ...common, command, env, containers: Object.fromEntries(containers) };
  const [first, ...others] = await Promise.all([
    loadLocalService(file, own),
    ...beside.map(({ file: other, line }) =>
      loadLocalService(other, line === null ? common : { ...common, command: shell(line) }),
    ),
  ]);
  refuseNamesakes([first, ...others].map(({ service }) => service.name));
  for (const { warnings } of [first, ...others])
    for (const warning of warnings) process.stderr.write(`warning: ${warning}\n`);
  return [first.service, ...others.map(({ service }) => service)];
}

function shell(line: string): readonly string[] {
  return ['sh', '-c', line];
}

function refuseNamesakes(names: readonly string[]): void {
  const twice = names.find((name, index) => names.indexOf(name) < index);
  if (twice !== undefined)
    throw new InputError([{ message: `two services have the name ${twice}`, hint: 'metadata.name is it' }]);
}
