#!/usr/bin/env node
import { makeProgram } from './program.ts';
import { hideArguments } from './hide-arguments.ts';
import { printError } from './print-error.ts';
import { redactStream } from './redact-stream.ts';

hideArguments();
redactStream(process.stdout);
redactStream(process.stderr);

// A reader that goes away, as in `poolproof plan | head`, is not an error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 70));

try {
  await makeProgram((code) => (process.exitCode = code)).parseAsync();
} catch (error) {
  process.exitCode = printError(error);
}
