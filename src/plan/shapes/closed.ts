import { formatMs } from '../../base/units.ts';
import type { Pattern, ShapeOf } from './pattern.ts';

/** Clients that wait for their answers: when they ask is not planned. */
export function closed({ clients, think: { law, meanMs } }: ShapeOf<'closed'>): Pattern {
  const kind = law === 'constant' ? '' : ` ${law}`;
  return {
    words: `${clients} ${clients === 1 ? 'client' : 'clients'}, think ${formatMs(meanMs)}${kind} (closed)`,
    curve: [],
  };
}
