import { basename } from 'node:path';
import { makeRedactor } from '../base/secrets/redact.ts';
import { passwordsIn } from '../base/secrets/secrets.ts';

/** A pair of a name and a value, given to a service. */
const pair = /^((?:--env=)?[A-Za-z_]\w*=).+$/s;

/** Arguments are there for every account of the machine to read in `ps`: those that hold a password are written over. */
export function hideArguments(): void {
  const [, script = '', ...words] = process.argv;
  const { own } = makeRedactor(words.flatMap(passwordsIn));
  const shown = words.map((word, index) =>
    isValue(words, index) ? word.replace(pair, '$1[redacted]') : own(word),
  );
  if (shown.some((word, index) => word !== words[index]))
    process.title = ['node', basename(script), ...shown].join(' ');
}

function isValue(words: readonly string[], index: number): boolean {
  return words[index - 1] === '--env' || words[index]?.startsWith('--env=') === true;
}
