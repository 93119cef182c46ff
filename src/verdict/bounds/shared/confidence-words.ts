/** A confidence in percent, rounded down and never 100: no number of observations makes certain. */
export function confidenceWords(confidence: number): string {
  return `${Math.min(999, Math.floor(1000 * confidence)) / 10} %`;
}
