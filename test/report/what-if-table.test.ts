import { expect, test } from 'vitest';
import { whatIfTable } from '../../src/report/html/sections/what-if-table.ts';

const changes = [
  { id: 'D01', change: 'pool 4 -> 2', claim: 16, planned: 46, fits: true },
  { id: '', change: 'max_connections 50', claim: 32, planned: 62, fits: false },
];

function rowsOf(...given: Parameters<typeof whatIfTable<(typeof changes)[number]>>): readonly string[] {
  const rows = whatIfTable(...given).text.split('</tr>');
  return rows
    .map((row) =>
      row
        .replace(/<[^>]*>/g, ' ')
        .replace(/\s+/g, ' ')
        .trim(),
    )
    .slice(0, -1);
}

test('a change has a row with what it makes of the budget', () => {
  expect(rowsOf(changes, 37)).toEqual([
    'Change Claim With headroom Fits 37?',
    'pool 4 -&gt; 2 16 46 ✓ fits',
    'max_connections 50 32 62 ✗ does not',
  ]);
});

test('where changes are of several levers, each says of which', () => {
  expect(rowsOf(changes, 37, ({ id }) => (id === '' ? '–' : id))).toEqual([
    'Lever Change Claim With headroom Fits 37?',
    'D01 pool 4 -&gt; 2 16 46 ✓ fits',
    '– max_connections 50 32 62 ✗ does not',
  ]);
});
