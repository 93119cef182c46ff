import { fileURLToPath } from 'node:url';
import { formatPlace, InputError } from '../../src/base/errors.ts';

/** The path of a fixture. */
export function fixture(room: string, name: string): string {
  return fileURLToPath(new URL(`../fixtures/${room}/${name}`, import.meta.url));
}

/** What an InputError says, a line a problem, files without their folders; throws anything else on. */
export async function problemsOf(loading: Promise<unknown>): Promise<readonly string[]> {
  try {
    await loading;
    return [];
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return error.problems.map(({ message, place, hint }) =>
      [
        place === undefined ? '' : `${formatPlace(place)} `,
        message,
        hint === undefined || hint.startsWith('two sources') ? '' : ` (${hint})`,
      ]
        .join('')
        .replaceAll(/\S*\/(?=[\w-]+\.yaml:\d)/g, ''),
    );
  }
}
