/** The desired scales of the last slots, largest first: only those that may still be the maximum one day. */
export type DelayWindow = readonly { readonly slot: number; readonly scale: number }[];

/** Two seconds: one tick. */
const slotUs = 2_000_000;

/**
 * Adds a scale. What is not larger than it can never be the maximum again; what is ceil(delay / 2 s) slots old
 * is forgotten. Within one slot the largest scale counts.
 */
export function recordScale(window: DelayWindow, nowUs: number, scale: number, delayUs: number): DelayWindow {
  const slot = Math.floor(nowUs / slotUs);
  const slots = Math.ceil(delayUs / slotUs);
  const kept = window.filter((entry) => entry.scale > scale && slot - entry.slot < slots);
  return kept.at(-1)?.slot === slot ? kept : [...kept, { slot, scale }];
}

/** The largest scale of the window; null when there is none. */
export function largestScale(window: DelayWindow): number | null {
  return window[0]?.scale ?? null;
}
