import { execFileSync } from 'node:child_process';

/** Whether the programs that a suite needs are on this machine; says loudly which are not. */
export function hasPrograms(suite: string, names: readonly string[]): boolean {
  const missing = names.filter((name) => !answers(name));
  if (missing.length > 0) console.warn(`\nSKIPPED: ${suite}: not on PATH: ${missing.join(', ')}\n`);
  return missing.length === 0;
}

function answers(name: string): boolean {
  try {
    execFileSync('sh', ['-c', 'command -v "$0"', name], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
