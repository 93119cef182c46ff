import { setTimeout as delay } from 'node:timers/promises';

/** Enough for a machine that does much else; what comes soon is not kept waiting by it. */
const patienceMs = 60_000;

/** Waits until the condition holds. What never comes true fails with what `otherwise` says. */
export async function until(
  condition: () => boolean | Promise<boolean>,
  otherwise: () => string = () => `it never came true: ${String(condition)}`,
): Promise<void> {
  const endMs = performance.now() + patienceMs;
  while (!(await condition())) {
    if (performance.now() > endMs) throw new Error(otherwise());
    await delay(20);
  }
}
