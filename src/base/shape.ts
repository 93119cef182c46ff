import leven from 'leven';
import type { z } from 'zod';
import type { Problem } from './errors.ts';
import type { YamlFile, YamlPath } from './yaml.ts';

/** The value in its checked shape, or everything that is wrong with it. */
export type Checked<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problems: readonly Problem[] };

/** Checks the value at `base` in the file against a schema; each issue comes back with its place and a hint. */
export function checkShape<S extends z.ZodType>(
  schema: S,
  source: YamlFile,
  value: unknown,
  base: YamlPath = [],
): Checked<z.output<S>> {
  const result = schema.safeParse(value);
  if (result.success) return { ok: true, value: result.data };
  return {
    ok: false,
    problems: result.error.issues.flatMap((issue) => problemsOf(issue, schema, source, base)),
  };
}

function problemsOf(issue: z.core.$ZodIssue, schema: z.ZodType, source: YamlFile, base: YamlPath): Problem[] {
  const path = [...base, ...(issue.path as YamlPath)];
  if (issue.code === 'unrecognized_keys') {
    const known = knownKeys(schema, issue.path as YamlPath);
    return issue.keys.map((key) => unknownKey(key, known, source, path));
  }
  if (issue.code === 'invalid_union' && issue.errors.length > 0) {
    const nearest = issue.errors.reduce((best, next) => (depthOf(next) > depthOf(best) ? next : best));
    return nearest.flatMap((inner) =>
      problemsOf({ ...inner, path: [...issue.path, ...inner.path] }, schema, source, base),
    );
  }
  const name = path.length === 0 ? '' : `${path.join('.')}: `;
  return [{ message: `${name}${issue.message}`, place: source.placeOf(path) }];
}

function depthOf(issues: readonly z.core.$ZodIssue[]): number {
  return Math.max(0, ...issues.map((issue) => issue.path.length));
}

function unknownKey(key: string, known: readonly string[], source: YamlFile, path: YamlPath): Problem {
  const near = nearest(key, known);
  const problem = {
    message: `unknown key "${[...path, key].join('.')}"`,
    place: source.placeOfKey([...path, key]),
  };
  if (near !== undefined) return { ...problem, hint: `did you mean "${near}"?` };
  return known.length === 0 ? problem : { ...problem, hint: `known here: ${known.join(', ')}` };
}

/** The known word nearest to what was typed, when it is near enough to be a slip. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  const ranked = known.map((candidate) => ({
    candidate,
    distance: leven(word.toLowerCase(), candidate.toLowerCase()),
  }));
  const best = ranked.sort((a, b) => a.distance - b.distance)[0];
  return best !== undefined && best.distance <= Math.max(2, Math.floor(word.length / 3))
    ? best.candidate
    : undefined;
}

/** The keys that the schema knows at a path; empty where it can't be told. */
function knownKeys(schema: z.ZodType, path: YamlPath): readonly string[] {
  let definition: unknown = schema;
  for (const step of path) definition = stepInto(unwrap(definition), step);
  const shape = (unwrap(definition) as { shape?: Record<string, unknown> } | undefined)?.shape;
  return shape === undefined ? [] : Object.keys(shape);
}

interface Definition {
  readonly def?: {
    readonly innerType?: unknown;
    readonly in?: unknown;
    readonly element?: unknown;
    readonly options?: readonly unknown[];
  };
  readonly shape?: Record<string, unknown>;
}

/** Looks through optional, default, pipe and the like to the schema that has the keys. */
function unwrap(schema: unknown): unknown {
  let current = schema as Definition | undefined;
  for (let depth = 0; depth < 16 && current !== undefined && current.shape === undefined; depth += 1) {
    const next = current.def?.innerType ?? current.def?.in;
    if (next === undefined) break;
    current = next as Definition;
  }
  return current;
}

function stepInto(schema: unknown, step: string | number): unknown {
  const definition = schema as Definition | undefined;
  if (definition?.def?.options !== undefined) {
    return definition.def.options
      .map((option) => stepInto(unwrap(option), step))
      .find((found) => found !== undefined);
  }
  return typeof step === 'number' ? definition?.def?.element : definition?.shape?.[step];
}
