import { readFileSync } from 'node:fs';

/** One vector: numbers in, numbers and answers out. */
export interface Vector {
  readonly id: string;
  readonly inputs: Readonly<Record<string, number | string>>;
  readonly outputs: Readonly<Record<string, number | boolean>>;
}

/** The vectors whose id begins so. */
export function vectorsOf(prefix: string): readonly Vector[] {
  const file = new URL('../vectors/queueing.json', import.meta.url);
  const { vectors } = JSON.parse(readFileSync(file, 'utf8')) as { readonly vectors: readonly Vector[] };
  return vectors.filter((vector) => vector.id.startsWith(prefix));
}

/** An input of a vector, as a number. */
export function numberIn(vector: Vector, key: string): number {
  const value = vector.inputs[key];
  if (typeof value !== 'number') throw new TypeError(`${vector.id} has no number ${key}`);
  return value;
}
