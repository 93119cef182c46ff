import { InterruptedError } from '../base/errors.ts';
import type { Ending } from './ending.ts';
import { exitCodes, type ExitCode } from './exit-codes.ts';

/** A request to stop, from the terminal or another process. */
export interface StopRequest {
  readonly signal: AbortSignal;
  /** The exit code of the signal that came; undefined while none has. */
  exitCode(): ExitCode | undefined;
  dispose(): void;
}

const codes = {
  SIGINT: exitCodes.interrupted,
  SIGTERM: exitCodes.terminated,
  SIGHUP: exitCodes.interrupted,
} as const;

/**
 * The first signal asks for an orderly end; the second ends the process at once, and the guard cleans up. A defect
 * asks for an orderly end too.
 */
export function listenForStop(ending: Pick<Ending, 'onDefect'>): StopRequest {
  const abort = new AbortController();
  let code: ExitCode | undefined;
  const onSignal = (name: NodeJS.Signals): void => {
    if (code !== undefined) process.exit(code);
    code = codes[name as keyof typeof codes];
    abort.abort(new InterruptedError([{ message: `stopped by ${name}` }]));
  };
  for (const name of Object.keys(codes)) process.on(name, onSignal);
  const deafen = ending.onDefect((why) => abort.abort(why));
  return {
    signal: abort.signal,
    exitCode: () => code,
    dispose: () => {
      deafen();
      for (const name of Object.keys(codes)) process.off(name, onSignal);
    },
  };
}
