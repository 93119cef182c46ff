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
export const safeRun = made(safeShape);

/** Takes every slot; Postgres refuses with 53300. */
export const brokenRun = made(brokenShape);

/** Ten minutes. */
export const longRun = made(longShape);

/** The run of a shape, made when it is first asked for: it is only read. */
function made(shape: Shape): () => JudgedRun {
  let run: JudgedRun | undefined;
  return () => {
    if (run === undefined) {
      const evidence = simulate(shape);
      run = { evidence, summary: summarize(evidence, shape) };
    }
    return run;
  };
}
