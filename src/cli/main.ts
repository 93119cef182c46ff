#!/usr/bin/env node
import { checkWorkingFolder } from './check-working-folder.ts';
import { makeEnding } from './ending.ts';
import { ignoreGoneReaders } from './gone-readers.ts';

// Before anything else is loaded: what fails while loading ends like what fails later.
const ending = makeEnding();
ignoreGoneReaders(ending);

try {
  checkWorkingFolder();
  const { makeProgram } = await import('./program.ts');
  await makeProgram(ending).parseAsync();
} catch (error) {
  ending.fail(error);
}
