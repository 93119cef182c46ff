// `npm run repeat -- 10 [scenario...]`: each scenario as often as asked for, with the built command line; every run of one
// has to come to the same verdict by the same failing bounds. Without names: all that are shipped.
import Table from 'cli-table3';
import { execa } from 'execa';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const [given = '10', ...named] = process.argv.slice(2);
const times = Math.min(100, Number(given));
if (!(times >= 1)) throw new Error('how often?');
const files = named.length > 0 ? named : shipped();

const table = new Table({ head: ['scenario', 'runs', 'verdict and failing bounds'] });
let isSame = true;
for (const file of files) {
  const seen = new Map();
  for (let time = 0; time < times; time += 1) {
    const words = await judged(file);
    seen.set(words, (seen.get(words) ?? 0) + 1);
    console.log(`${file} ${time + 1}/${times}: ${words}`);
  }
  if (seen.size > 1) isSame = false;
  table.push([file, times, [...seen].map(([words, count]) => `${count} x ${words}`).join('\n')]);
}
console.log(table.toString());
console.log(isSame ? 'every verdict repeats' : 'not every verdict repeats');
process.exit(isSame ? 0 : 1);

/** All but those that only plan. */
function shipped() {
  return readdirSync('scenarios')
    .filter((name) => name.endsWith('.yaml') && !name.startsWith('budget'))
    .map((name) => join('scenarios', name));
}

async function judged(file) {
  const out = mkdtempSync(join(tmpdir(), 'poolproof-repeat-'));
  const args = ['dist/cli/main.js', 'run', file, '--out', out, '--progress', 'plain'];
  const { exitCode, stderr } = await execa(process.execPath, args, { reject: false, timeout: 600_000 });
  const [folder] = readdirSync(out);
  if (folder === undefined) throw new Error(`${file} left no run (exit ${exitCode}): ${stderr}`);
  const { verdict, bounds, diagnosis } = JSON.parse(readFileSync(join(out, folder, 'summary.json'), 'utf8'));
  rmSync(out, { recursive: true });
  const broken = bounds.filter(({ status }) => status === 'FAIL').map(({ id }) => id);
  const [first] = diagnosis;
  return [verdict, ...broken, ...(first === undefined ? [] : [`(${first.id} first)`])].join(' ');
}
