import { execFileSync } from 'node:child_process';

/** Worker and process entries always run from dist, so tests that spawn them build first. */
export function setup(): void {
  execFileSync('npm', ['run', '--silent', 'build'], { stdio: 'inherit' });
}
