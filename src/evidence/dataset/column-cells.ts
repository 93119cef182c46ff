import type { Block } from './block.ts';
import { makeScratch } from './scratch.ts';

const valuesFor = makeScratch((length) => new Float64Array(length));
const isThereFor = makeScratch((length) => new Uint8Array(length));

/** One column of several blocks. Good until the next column is gathered. */
export interface Cells {
  /** The values that are there; of texts, their places among the words. */
  readonly values: Float64Array;
  /** For each row 1 where there is a value, 0 for null. */
  readonly isThere: Uint8Array;
}

/** A column of numbers or booleans. */
export function numbersOf(blocks: readonly Block[], index: number): Cells {
  return cellsOf(blocks, index, () => null);
}

/** A column of texts: each word once, in the order in which they first appear. */
export function textsOf(blocks: readonly Block[], index: number): Cells & { readonly words: string[] } {
  const known = new Map<string, number>();
  const cells = cellsOf(blocks, index, (block) => placesOf(block, index, known));
  return { ...cells, words: [...known.keys()] };
}

/** Gathers the values of all blocks; `translate` gives, for each value of a block, what stands for it in the whole. */
function cellsOf(
  blocks: readonly Block[],
  index: number,
  translate: (block: Block) => Float64Array | null,
): Cells {
  const rows = blocks.reduce((sum, { count }) => sum + count, 0);
  const values = valuesFor(rows);
  const isThere = isThereFor(rows).fill(0);
  let there = 0;
  let row = 0;
  for (const block of blocks) {
    const translated = translate(block);
    const cells = columnIn(block, index);
    // By index: an iterator here adds a fifth to the cost of writing a part.
    for (let at = 0; at < cells.length; at += 1, row += 1) {
      const value = cells[at] ?? NaN;
      if (Number.isNaN(value)) continue;
      isThere[row] = 1;
      values[there] = translated === null ? value : (translated[value] ?? 0);
      there += 1;
    }
  }
  return { values: values.subarray(0, there), isThere };
}

/** For each text of a block that this column has, its place among the words known so far, new ones added. */
function placesOf(block: Block, index: number, known: Map<string, number>): Float64Array {
  const places = new Float64Array(block.strings.length).fill(-1);
  const cells = columnIn(block, index);
  for (let at = 0; at < cells.length; at += 1) {
    const text = cells[at] ?? NaN;
    if (Number.isNaN(text) || (places[text] ?? 0) >= 0) continue;
    const word = block.strings[text] ?? '';
    const place = known.get(word) ?? known.size;
    known.set(word, place);
    places[text] = place;
  }
  return places;
}

function columnIn({ numbers, count }: Block, index: number): Float64Array {
  return numbers.subarray(index * count, (index + 1) * count);
}
