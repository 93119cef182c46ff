/*
 * What production depends on: known weaknesses, as far as the registry answers, and licences, from what is installed.
 * A registry that does not answer is said and fails nothing; a high advisory or a licence that is not listed fails.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

/** None of them asks anything of whoever runs poolproof. */
const accepted = new Set([
  '0BSD',
  'Apache-2.0',
  'BSD',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'BlueOak-1.0.0',
  'ISC',
  'MIT',
  'Unlicense',
  '(MIT AND Zlib)',
]);

const failures = [...licences(), ...advisories()];
for (const failure of failures) console.error(failure);
process.exitCode = failures.length === 0 ? 0 : 1;

function licences() {
  const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8'));
  const used = Object.entries(packages).filter(([path, { dev }]) => path !== '' && dev !== true);
  return used.flatMap(([path, { license }]) => {
    const found = license ?? licenceIn(path);
    // Packages for other systems are not installed here; the lock file tells of them too.
    return found === null || accepted.has(found) ? [] : [`${path}: its licence is ${found}`];
  });
}

/** Older packages say it as an object, or in a list. */
function licenceIn(path) {
  if (!existsSync(`${path}/package.json`)) return null;
  const { license, licenses } = JSON.parse(readFileSync(`${path}/package.json`, 'utf8'));
  const said = license ?? licenses?.[0];
  return (typeof said === 'object' ? said?.type : said) ?? 'not said';
}

function advisories() {
  const { stdout } = spawnSync('npm', ['audit', '--omit=dev', '--json'], {
    encoding: 'utf8',
    timeout: 60_000,
  });
  const counts = read(stdout)?.metadata?.vulnerabilities;
  if (counts === undefined) {
    console.error('SKIPPED: the registry does not answer npm audit, so known weaknesses were not looked for');
    return [];
  }
  console.log(`npm audit: ${JSON.stringify(counts)}`);
  return counts.high + counts.critical > 0 ? ['npm audit --omit=dev shows a high or critical advisory'] : [];
}

function read(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
