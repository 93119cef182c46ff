import { createHash } from 'node:crypto';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PluginKind, declareClassPlugin } from '@stryker-mutator/api/plugin';

const root = fileURLToPath(new URL('../..', import.meta.url));
const hash = (text) => createHash('sha256').update(text).digest('hex').slice(0, 16);

/** Tells a mutant from every other, on any machine. */
export function keyOf({ fileName, location: { start, end }, mutatorName, replacement }) {
  const place = [relative(root, fileName), start.line, start.column, end.line, end.column];
  return hash(JSON.stringify([...place, mutatorName, replacement]));
}

/** `count` of the mutants, drawn by the seed. */
export function drawSample(mutants, count, seed) {
  const ranked = mutants.map((mutant) => ({ mutant, rank: hash(`${seed}/${keyOf(mutant)}`) }));
  ranked.sort((a, b) => (a.rank < b.rank ? -1 : 1));
  return ranked.slice(0, count).map(({ mutant }) => mutant);
}

/** Stryker asks its checkers before it runs a mutant. This one turns away all that are not in the sample. */
class SampleChecker {
  #sample = new Set(process.env.MUTATE_SAMPLE?.split(','));

  async init() {}

  async group(mutants) {
    return [mutants.map(({ id }) => id)];
  }

  async check(mutants) {
    const statusOf = (mutant) => (this.#sample.has(keyOf(mutant)) ? 'passed' : 'compileError');
    const reason = 'not in the sample';
    return Object.fromEntries(mutants.map((mutant) => [mutant.id, { status: statusOf(mutant), reason }]));
  }
}

/** A line on stderr now and then. */
class SampleProgress {
  #tried = 0;
  #alive = 0;
  #saidMs = Date.now();

  onMutantTested({ status }) {
    if (status === 'CompileError' || status === 'Ignored') return;
    this.#tried += 1;
    if (status === 'Survived' || status === 'NoCoverage') this.#alive += 1;
    if (Date.now() - this.#saidMs < 15_000) return;
    this.#saidMs = Date.now();
    console.error(`${this.#tried} tried, ${this.#alive} not noticed`);
  }
}

export const strykerPlugins = [
  declareClassPlugin(PluginKind.Checker, 'sample', SampleChecker),
  declareClassPlugin(PluginKind.Reporter, 'sample', SampleProgress),
];
