#!/usr/bin/env node
import { checkWorkingFolder } from './check-working-folder.ts';
import { makeEnding } from './ending.ts';
import { ignoreGoneReaders } from './gone-readers.ts';
import { hideArguments } from './hide-arguments.ts';
import { redactStream } from './redact-stream.ts';

// Before anything else is loaded: what fails while loading ends like what fails later.
const ending = makeEnding();
ignoreGoneReaders(ending);
hideArguments();
redactStream(process.stdout);
redactStream(process.stderr);

try {
  checkWorkingFolder();
  const { makeProgram } = await import('./program.ts');
  await makeProgram(ending).parseAsync();
} catch (error) {
  ending.fail(error);
}
