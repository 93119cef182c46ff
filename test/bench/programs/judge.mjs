// Reads a stored run and judges it: node judge.mjs FOLDER; says how long that took, and the most memory it had.
import { readEvidence } from '#dist/evidence/read-evidence.js';
import { judge } from '#dist/verdict/judge.js';

const beganMs = performance.now();
const evidence = await readEvidence(process.argv[2]);
const readMs = performance.now();
const { verdict, bounds } = judge(evidence);
const endedMs = performance.now();
process.stdout.write(
  JSON.stringify({
    verdict,
    bounds: bounds.length,
    attempts: evidence.attempts.length,
    readMs: readMs - beganMs,
    judgeMs: endedMs - readMs,
    peakBytes: 1024 * process.resourceUsage().maxRSS,
  }),
);
