const unitMs = { ns: 1e-6, us: 1e-3, µs: 1e-3, ms: 1, s: 1_000, m: 60_000, h: 3_600_000 } as const;
const whole = /^[+-]?(?:0|(?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|ms|s|m|h))+)$/;
const part = /(\d+\.?\d*|\.\d+)(ns|us|µs|ms|s|m|h)/g;

/** Milliseconds of a duration as Go writes it: "90s", "1m30s", "1.5h", "0". Null when it is none. */
export function parseGoDurationMs(text: string): number | null {
  if (!whole.test(text)) return null;
  const parts = [...text.matchAll(part)];
  const ms = parts.reduce(
    (sum, [, amount, unit]) => sum + Number(amount) * unitMs[unit as keyof typeof unitMs],
    0,
  );
  return text.startsWith('-') ? 0 - ms : ms;
}
