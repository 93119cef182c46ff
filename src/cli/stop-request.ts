import { InterruptedError } from '../base/errors.ts';
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

/** The first signal asks for an orderly end; the second ends the process at once, and the guard cleans up. */
export function listenForStop(): StopRequest {
  const abort = new AbortController();
  let code: ExitCode | undefined;
  const onSignal = (name: NodeJS.Signals): void => {
    if (code !== undefined) process.exit(code);
    code = codes[name as keyof typeof codes];
    abort.abort(new InterruptedError([{ message: `stopped by ${name}` }]));
  };
  for (const name of Object.keys(codes)) process.on(name, onSignal);
  return {
    signal: abort.signal,
    exitCode: () => code,
    dispose: () => {
      for (const name of Object.keys(codes)) process.off(name, onSignal);
    },
  };
}
