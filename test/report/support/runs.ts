import type { Evidence } from '../../../src/evidence/evidence.ts';
import type { Summary } from '../../../src/verdict/summary/summary.ts';
import { brokenShape, longShape, safeShape, type Shape } from './shapes.ts';
import { simulate } from './simulate.ts';
import { summarize } from './summarize.ts';

/** A judged run that never happened. */
export interface JudgedRun {
  readonly evidence: Evidence;
  readonly summary: Summary;
}

/** Stays inside its budget and refuses in time. */
export function safeRun(): JudgedRun {
  return judged(safeShape);
}

/** Takes every slot; Postgres refuses with 53300. */
export function brokenRun(): JudgedRun {
  return judged(brokenShape);
}

/** Ten minutes. */
export function longRun(): JudgedRun {
  return judged(longShape);
}

function judged(shape: Shape): JudgedRun {
  const evidence = simulate(shape);
  return { evidence, summary: summarize(evidence, shape) };
}
