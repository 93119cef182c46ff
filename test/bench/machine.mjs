// What this machine has to measure with. What is missing is said, once, and never stands in silence.
import { execFileSync } from 'node:child_process';
import { accessSync, constants, writeFileSync } from 'node:fs';
import { availableParallelism, setPriority } from 'node:os';
import { delimiter, join } from 'node:path';

/** Whether a program can be started by its name. */
export function hasProgram(name) {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, name), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

const told = new Set();

/** Says aloud what could not be had. */
export function warn(text) {
  if (!told.has(text)) console.log(`! ${text}`);
  told.add(text);
}

/** Cores by their part in a measurement: what is measured has one for itself. */
export const core = { target: 0, generator: 1 };

const canPin = availableParallelism() > 1 && hasProgram('taskset');
if (!canPin) warn('not pinned: one core only, or no taskset; target and generator share what there is');

/** The command, kept to one core where that is possible. */
export function pinned(onCore, argv) {
  return canPin ? ['taskset', '-c', String(onCore), ...argv] : argv;
}

/** Compiles a C program into the folder; null where nothing can. */
export function compile(source, program) {
  const compiler = ['cc', 'gcc', 'clang'].find(hasProgram);
  if (compiler === undefined) return null;
  execFileSync(compiler, ['-O2', '-o', program, source]);
  return program;
}

/** Puts this process and all that it starts before the others, until it ends; said aloud where that is not allowed. */
export function raisePriority() {
  // Sessions share the machine first, and only then their processes.
  const session = '/proc/self/autogroup';
  try {
    setPriority(-15);
    writeFileSync(session, '-15');
    process.once('exit', () => writeFileSync(session, '0'));
    for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1));
  } catch {
    warn('priority can not be raised here: other work on this machine disturbs');
  }
}
