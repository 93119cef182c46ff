import type { Problem } from '../../base/errors.ts';

/** A part of a file as it was read: what is wrong with it, and what of it has no effect here. */
export interface Reading<T> {
  readonly value: T;
  readonly problems: readonly Problem[];
  readonly warnings: readonly string[];
}

/** What several parts have to say together. */
export function remarksOf(
  parts: readonly Omit<Reading<unknown>, 'value'>[],
): Omit<Reading<unknown>, 'value'> {
  return {
    problems: parts.flatMap((part) => part.problems),
    warnings: parts.flatMap((part) => part.warnings),
  };
}

/** An object whose keys are there only where they have a value. */
type Compact<T> = { [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>;
};

/** The object without keys that have no value, as JSON would have it. */
export function compact<T extends object>(value: T): Compact<T> {
  return Object.fromEntries(Object.entries(value).filter(([, item]) => item !== undefined)) as Compact<T>;
}
