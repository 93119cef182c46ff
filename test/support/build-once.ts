import { execFileSync } from 'node:child_process';

/** Set once it is built: several projects of one run ask for it. */
const built = 'POOLPROOF_TESTS_BUILT';

/** Worker and process entries always run from dist, so tests that spawn them build first. `npm run check` has the types. */
export function setup(): void {
  if (process.env[built] !== undefined) return;
  process.env[built] = 'yes';
  execFileSync('npm', ['run', '--silent', 'build', '--', '--noCheck'], { stdio: 'inherit' });
}
