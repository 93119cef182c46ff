/**
 * Makes a function that waits, and returns early when the signal fires. It listens to the signal once for all waits,
 * which costs half as much as a listener for each. Waits must not overlap.
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
