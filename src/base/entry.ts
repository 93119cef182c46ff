import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

/** The built file of a worker or process entry, such as `load/lane-main`. Entries always run from dist. */
export function entryPath(name: string): string {
  return require.resolve(`#dist/${name}.js`);
}
