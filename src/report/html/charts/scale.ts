/** Maps values to pixels, zero (or the least value) at the bottom. */
export interface Scale {
  readonly heightPx: number;
  /** Pixels from the top; values beyond the scale stay on its edge. */
  y(value: number): number;
  readonly ticks: readonly number[];
  readonly max: number;
}

/** A linear scale from zero to a little above `max`, with ticks at round numbers. */
export function linearScale(max: number, heightPx: number): Scale {
  const top = 1.06 * Math.max(max, 1);
  const step = roundStep(top / Math.max(2, heightPx / 40));
  return {
    heightPx,
    max: top,
    ticks: Array.from({ length: Math.floor(top / step) + 1 }, (_, index) => index * step),
    y: (value) => round(heightPx * (1 - clamp(value / top))),
  };
}

/** A logarithmic scale from the decade at or below `min` to a little above `max`; lesser values stand at the bottom. */
export function logScale(min: number, max: number, heightPx: number): Scale {
  const low = Math.floor(Math.log10(min));
  const high = Math.max(low + 1, Math.log10(1.25 * Math.max(max, min)));
  return {
    heightPx,
    max: 10 ** high,
    ticks: Array.from({ length: Math.floor(high) - low + 1 }, (_, index) => 10 ** (low + index)),
    y: (value) =>
      round(heightPx * (1 - clamp((Math.log10(Math.max(value, 10 ** low)) - low) / (high - low)))),
  };
}

/** The least of 1, 2, 5 x 10^k that is not below the step wanted, and at least 1: counts have no halves. */
function roundStep(wanted: number): number {
  const power = 10 ** Math.floor(Math.log10(wanted));
  const factor = [1, 2, 5, 10].find((one) => one * power >= wanted - 1e-9) ?? 10;
  return Math.max(1, factor * power);
}

function clamp(share: number): number {
  return Math.min(Math.max(share, 0), 1);
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
