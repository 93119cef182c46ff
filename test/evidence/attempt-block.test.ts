import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { attemptsIn, makeAttemptBlocks } from '../../src/evidence/dataset/attempt-block.ts';
import { backendTable } from '../../src/evidence/dataset/backend-table.ts';
import { makeBlocks, rowsIn } from '../../src/evidence/dataset/block.ts';
import { anyAttempt, anyBackend } from './arbitrary.ts';
import { attempt } from './given.ts';

describe('a block of attempts', () => {
  it('gives back every attempt as it was added, block after block', () => {
    const batches = fc.array(fc.array(anyAttempt, { minLength: 1, maxLength: 20 }), { maxLength: 4 });
    fc.assert(
      fc.property(batches, (given) => {
        const blocks = makeAttemptBlocks(20);
        const taken = given.map((batch) => {
          for (const one of batch) blocks.add(one);
          return blocks.take()!;
        });
        expect(taken.map(attemptsIn)).toEqual(given);
      }),
    );
  });

  it('says when it is full, and takes no more until it is taken', () => {
    const blocks = makeAttemptBlocks(2);
    expect(blocks.add(attempt())).toBe(false);
    expect(blocks.add(attempt())).toBe(true);
    expect(() => blocks.add(attempt())).toThrow(RangeError);
    expect(blocks.take()?.count).toBe(2);
    expect(blocks.add(attempt({ arrival: 7 }))).toBe(false);
    expect(blocks.take()?.numbers[0]).toBe(7);
    expect(blocks.take()).toBeNull();
  });

  it('fills numbers again that were given back, those of a full block only', () => {
    const blocks = makeAttemptBlocks(2);
    const fill = (arrival: number) => {
      blocks.add(attempt({ arrival }));
      blocks.add(attempt({ arrival: arrival + 1 }));
      return blocks.take()!;
    };
    const first = fill(1);
    blocks.reuse(first.numbers);
    blocks.reuse(new Float64Array(3));
    const second = fill(10);
    expect(second.numbers).toBe(first.numbers);
    expect(attemptsIn(second).map(({ arrival }) => arrival)).toEqual([10, 11]);
    expect(fill(20).numbers).not.toBe(second.numbers);
  });

  it('holds every word once, and none of an earlier block', () => {
    const blocks = makeAttemptBlocks(10);
    for (let index = 0; index < 10; index += 1) blocks.add(attempt({ instance: 'one' }));
    expect(blocks.take()?.strings).toEqual(['read', 'burst', 'ok', 'one']);
    blocks.add(attempt({ instance: 'two' }));
    expect(blocks.take()?.strings).toEqual(['read', 'burst', 'ok', 'two']);
  });

  it('is no larger than what it holds, and can be handed to another thread', () => {
    const blocks = makeAttemptBlocks(1000);
    blocks.add(attempt());
    const block = blocks.take()!;
    const { numbers, ...rest } = structuredClone(block, { transfer: [block.numbers.buffer] });
    expect(numbers.byteLength).toBe(21 * 8);
    expect(attemptsIn({ numbers, ...rest })).toEqual([attempt()]);
  });
});

describe('blocks of any table', () => {
  it('give back every row as it was added', () => {
    fc.assert(
      fc.property(fc.array(anyBackend, { minLength: 1, maxLength: 20 }), (rows) => {
        const blocks = makeBlocks(backendTable, 20);
        for (const row of rows) blocks.add(row);
        expect(rowsIn(backendTable, blocks.take()!)).toEqual(rows);
      }),
    );
  });
});
