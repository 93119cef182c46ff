import type { UrlTarget } from '../../scenario/target/target.ts';
import type { Platform } from '../platform.ts';

const never = new Promise<string>(() => undefined);

/**
 * A service that already runs, and that nothing is known about but its address. It is neither started nor stopped
 * here; that it stops answering is an observation like any other.
 */
export function makeUrlPlatform({ url }: UrlTarget): Platform {
  return {
    start: () =>
      Promise.resolve({
        url,
        pingPath: null,
        warmPath: null,
        inspect: null,
        admin: null,
        emulator: null,
        disposable: false,
        lost: never,
        stop: () => Promise.resolve(),
      }),
  };
}
