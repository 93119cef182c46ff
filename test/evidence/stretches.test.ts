import { expect, it } from 'vitest';
import { sha256 } from '../../src/evidence/manifest/manifest-line.ts';
import { makeStretches } from '../../src/evidence/manifest/stretches.ts';

it('the stretches of a file follow each other without a gap, each with its own checksum and times', () => {
  const stretches = makeStretches('events.ndjson');
  const taken = ['a\n', 'é\n', 'cc\n'].map((text, index) => {
    stretches.add(text, [10 * index + 2, 10 * index + 1]);
    return stretches.take();
  });
  const piece = (offset: number, bytes: number, text: string, tens: number) => ({
    file: 'events.ndjson',
    offset,
    bytes,
    sha256: sha256(text),
    rows: 2,
    from_us: tens + 1,
    to_us: tens + 2,
  });
  expect(taken).toEqual([piece(0, 2, 'a\n', 0), piece(2, 3, 'é\n', 10), piece(5, 3, 'cc\n', 20)]);
  expect(stretches.take()).toBeNull();
});
