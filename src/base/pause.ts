/**
 * Waits that end at once when the signal fires. Made once for many waits: a timer that listens to a signal by itself
 * costs twice as much.
 */
export function makePause(signal: AbortSignal): (ms: number) => Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  let end: () => void = () => undefined;
  signal.addEventListener(
    'abort',
    () => {
      clearTimeout(timer);
      end();
    },
    { once: true },
  );
  return (ms) => {
    if (signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      end = resolve;
      timer = setTimeout(resolve, Math.max(0, ms));
    });
  };
}
