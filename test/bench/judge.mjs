// What judging a stored run costs: ten minutes at 500 requests a second, sampled twenty times a second.
import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { writeLongRun } from './long-run.mjs';
import { atMost, row } from './row.mjs';
import { median } from './statistics.mjs';

const program = fileURLToPath(new URL('programs/judge.mjs', import.meta.url));
const limitMs = 3000;
const limitMb = 300;

/** Rows for the table. */
export async function benchJudge({ folder, rounds }) {
  const run = `${folder}/long-run`;
  const planned = await writeLongRun(run);
  try {
    const measured = Array.from({ length: rounds }, () =>
      JSON.parse(execFileSync(process.execPath, [program, run], { encoding: 'utf8' })),
    );
    const strange = measured.find(({ attempts, verdict }) => attempts !== planned || verdict !== 'PASS');
    if (strange !== undefined)
      throw new Error(`${strange.attempts} of ${planned} attempts were read and judged ${strange.verdict}`);
    return rowsOf(measured, planned);
  } finally {
    rmSync(run, { recursive: true, force: true });
  }
}

function rowsOf(measured, planned) {
  const of = (pick) => measured.map(pick);
  const together = of(({ readMs, judgeMs }) => readMs + judgeMs);
  const peaks = of(({ peakBytes }) => peakBytes / 1e6);
  const name = `judge: ${planned} attempts of ten minutes`;
  return [
    row(`${name}, reading`, median(of(({ readMs }) => readMs)), 'ms'),
    row(`${name}, judging`, median(of(({ judgeMs }) => judgeMs)), 'ms'),
    row(`${name}, together`, median(together), 'ms', {
      goal: atMost(median(together), limitMs, ' ms'),
      rounds: together,
    }),
    row(`${name}, peak memory`, median(peaks), 'MB', {
      goal: atMost(median(peaks), limitMb, ' MB'),
      rounds: peaks,
    }),
  ];
}
