import { execFileSync } from 'node:child_process';

/** The image that test/services/flask/build-image.sh makes. */
export const flaskImage = 'poolproof-test/flask';

/** The image that test/services/postgres/build-image.sh makes. */
export const postgresImage = 'poolproof-test/postgres';

/** Whether a suite that needs Docker and the image can run here; says loudly which one can't, and why. */
export function hasFlaskImage(suite: string): boolean {
  return hasImage(suite, flaskImage, 'test/services/flask/build-image.sh');
}

/** The same of the image of Debian's PostgreSQL. */
export function hasPostgresImage(suite: string): boolean {
  return hasImage(suite, postgresImage, 'test/services/postgres/build-image.sh');
}

function hasImage(suite: string, image: string, maker: string): boolean {
  const missing = whatIsMissing(image, maker);
  if (missing !== null) console.warn(`\nSKIPPED: ${suite}: ${missing}\n`);
  return missing === null;
}

function whatIsMissing(image: string, maker: string): string | null {
  if (!answers('info')) return 'Docker does not answer (start dockerd, or set DOCKER_HOST)';
  if (!answers('image', 'inspect', image)) return `the image ${image} is not there (${maker} makes it)`;
  return null;
}

function answers(...args: readonly string[]): boolean {
  try {
    execFileSync('docker', args, { stdio: 'ignore', timeout: 10_000 });
    return true;
  } catch {
    return false;
  }
}

/** Names of what Docker has with the filter given, running or not. */
export function dockerNames(kind: 'container' | 'network', filter: string): readonly string[] {
  const all = kind === 'container' ? ['--all', '--format={{.Names}}'] : ['--format={{.Name}}'];
  return execFileSync('docker', [kind, 'ls', ...all, `--filter=${filter}`], { encoding: 'utf8' })
    .split('\n')
    .filter((name) => name !== '');
}
