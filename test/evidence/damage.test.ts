import { cpSync, readdirSync, readFileSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EvidenceError } from '../../src/base/errors.ts';
import { readEvidence } from '../../src/evidence/read-evidence.ts';
import { judge } from '../../src/verdict/judge.ts';
import { unpackRun } from '../support/stored-run.ts';

const folder = unpackRun('credential-rotation');
const at = (file: string): string => join(folder, file);
const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
  /parquet$|^events|^run|^effective|^manifest/.test(file),
);
const parts = files.filter((file) => file.endsWith('.parquet')).sort();
const before = JSON.stringify(judge(await readEvidence(folder)));

/** Everything that a reading names, a refusal included; null where it comes to the same summary as before. */
async function named(): Promise<string | null> {
  try {
    const evidence = await readEvidence(folder);
    if (evidence.gaps.length > 0) return evidence.gaps.join('\n');
    return JSON.stringify(judge(evidence)) === before ? null : '(a silent change)';
  } catch (error) {
    if (error instanceof EvidenceError) return error.message;
    throw error;
  }
}

/** Does something to a file, looks, and puts the file back. */
async function whileChanged(file: string, change: (path: string) => void): Promise<string | null> {
  const content = readFileSync(at(file));
  try {
    change(at(file));
    return await named();
  } finally {
    writeFileSync(at(file), content);
  }
}

describe('a recording that is damaged', () => {
  it('changes silently by no bit of any file: the file is named, or the summary is the same', async () => {
    const anyBit = fc.record({
      file: fc.constantFrom(...files),
      place: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      bit: fc.nat({ max: 7 }),
    });
    await fc.assert(
      fc.asyncProperty(anyBit, async ({ file, place, bit }) => {
        const said = await whileChanged(file, (path) => {
          const bytes = readFileSync(path);
          const index = Math.floor(place * bytes.length);
          bytes[index] = (bytes[index] ?? 0) ^ (1 << bit);
          writeFileSync(path, bytes);
        });
        if (said !== null) expect(said).toContain(file);
      }),
      { numRuns: 60 },
    );
  });

  it('says which file is cut short, by however little', async () => {
    const anyCut = fc.record({ file: fc.constantFrom(...files), by: fc.integer({ min: 1, max: 2000 }) });
    await fc.assert(
      fc.asyncProperty(anyCut, async ({ file, by }) => {
        const cut = (path: string): void => truncateSync(path, Math.max(0, readFileSync(path).length - by));
        // Of run.json the last line end may go: it says the same without.
        const said = await whileChanged(file, cut);
        if (said !== null || file !== 'run.json' || by > 1) expect(said).toContain(file);
      }),
      { numRuns: 20 },
    );
  });

  it('says which part is missing, the last of all included', async () => {
    for (const file of [parts[0] ?? '', parts.at(-1) ?? '']) {
      const said = await whileChanged(file, (path) => rmSync(path));
      expect(said).toMatch(
        new RegExp(`^${file} is missing: \\d+ rows? from .* of the run (is|are) missing$`),
      );
    }
  });

  it('takes no part for another one', async () => {
    const [one = '', other = ''] = parts;
    const said = await whileChanged(other, () => whileSwapped(one, other));
    renameSync(at(`${one}.kept`), at(one));
    expect(said).toContain(`${one} is damaged`);
    expect(said).toContain(`${other} is damaged`);
  });

  it('leaves a part out that is not of it', async () => {
    const foreign = 'attempts/part-00099.parquet';
    cpSync(at(parts[0] ?? ''), at(foreign));
    const evidence = await readEvidence(folder);
    rmSync(at(foreign));
    expect(evidence.gaps).toEqual([`${foreign} is not of this recording and was left out`]);
    expect(JSON.stringify(judge({ ...evidence, gaps: [] }))).toBe(before);
  });
});

/** Exchanges two parts; the first is kept aside. */
function whileSwapped(one: string, other: string): void {
  cpSync(at(one), at(`${one}.kept`));
  cpSync(at(other), at(one));
  cpSync(at(`${one}.kept`), at(other));
}
