import type { z } from 'zod';
import type { YamlPath } from './yaml.ts';

/** The parts of a zod schema that lead to its keys. */
interface Definition {
  readonly def?: {
    readonly innerType?: unknown;
    readonly in?: unknown;
    readonly element?: unknown;
    readonly options?: readonly unknown[];
    readonly catchall?: unknown;
  };
  readonly shape?: Readonly<Record<string, unknown>>;
}

/** The keys that the schema has at a path; empty where it can't be known. */
export function knownKeys(schema: z.ZodType, path: YamlPath): readonly string[] {
  let found: readonly Definition[] = optionsOf(schema);
  for (const step of path) found = found.flatMap((definition) => stepInto(definition, step));
  const keys = found.flatMap((definition) => Object.keys(definition.shape ?? {}));
  return [...new Set(keys)];
}

/** The schema inside optional, default, pipe and the like; for a union, all its options. */
function optionsOf(schema: unknown): readonly Definition[] {
  let current = schema as Definition | undefined;
  for (let depth = 0; depth < 16; depth += 1) {
    const inner = current?.def?.innerType ?? current?.def?.in;
    if (inner === undefined) break;
    current = inner as Definition;
  }
  if (current === undefined) return [];
  return current.def?.options === undefined ? [current] : current.def.options.flatMap(optionsOf);
}

function stepInto(definition: Definition, step: string | number): readonly Definition[] {
  const next =
    typeof step === 'number'
      ? definition.def?.element
      : (definition.shape?.[step] ?? (definition.shape === undefined ? undefined : definition.def?.catchall));
  return next === undefined ? [] : optionsOf(next);
}
