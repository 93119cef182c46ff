import { EnvironmentError } from '../base/errors.ts';

/** A working folder that was removed makes every relative path, and every program that is started, fail. */
export function checkWorkingFolder(): void {
  try {
    process.cwd();
  } catch (error) {
    const problem = { message: 'the working folder was removed', hint: 'cd to one that exists' };
    throw new EnvironmentError([problem], { cause: error });
  }
}
