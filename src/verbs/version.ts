import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

/** The version of this package. */
export function toolVersion(): string {
  return (require('../../package.json') as { version: string }).version;
}
