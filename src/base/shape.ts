import type { z } from 'zod';
import { mostProblems, type Problem } from './errors.ts';
import { nearest } from './nearest.ts';
import { knownKeys } from './known-keys.ts';
import { visibleLine } from './visible.ts';
import type { YamlFile, YamlPath } from './yaml.ts';

/** The checked value, or everything that is wrong with it. */
export type Checked<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** Checks the value at `base` in the file against a schema; each issue comes back with its place and a hint. */
export function checkShape<S extends z.ZodType>(
  schema: S,
  source: YamlFile,
  value: unknown,
  base: YamlPath = [],
): Checked<z.output<S>> {
  const result = schema.safeParse(value);
  if (result.success) return { ok: true, value: result.data };
  const checking = { schema, source, value, base };
  const issues = result.error.issues.slice(0, mostProblems + 1);
  return { ok: false, problems: issues.flatMap((issue) => problemsOf(issue, checking)) };
}

/** What is being checked: the schema, the value, and its place in the file. */
interface Checking {
  readonly schema: z.ZodType;
  readonly source: YamlFile;
  readonly value: unknown;
  readonly base: YamlPath;
}

function problemsOf(issue: z.core.$ZodIssue, checking: Checking): Problem[] {
  const path = [...checking.base, ...(issue.path as YamlPath)];
  if (issue.code === 'unrecognized_keys') {
    const known = knownKeys(checking.schema, issue.path as YamlPath);
    return issue.keys
      .slice(0, mostProblems + 1)
      .map((key) => unknownKey([...path, key], known, checking.source));
  }
  if (issue.code === 'invalid_union' && issue.errors.length > 0) {
    return likeliest(issue.errors).flatMap((inner) =>
      problemsOf({ ...inner, path: [...issue.path, ...inner.path] }, checking),
    );
  }
  const name = path.length === 0 ? '' : `${visibleLine(path.join('.'))}: `;
  const given = valueAt(checking.value, issue.path as YamlPath);
  const place = checking.source.placeOf(path);
  return [{ message: `${name}${messageFor(issue, given)}`, place }];
}

/** The option of a union that was probably meant: of those of the right type, the one that matched deepest. */
function likeliest(options: readonly (readonly z.core.$ZodIssue[])[]): readonly z.core.$ZodIssue[] {
  const likeness = (issues: readonly z.core.$ZodIssue[]): number =>
    issues.some((issue) => issue.code === 'invalid_type' && issue.path.length === 0)
      ? -1
      : Math.max(0, ...issues.map((issue) => issue.path.length));
  return options.reduce((best, next) => (likeness(next) > likeness(best) ? next : best));
}

function messageFor(issue: z.core.$ZodIssue, given: unknown): string {
  if (given === undefined && issue.code === 'invalid_type') return 'missing';
  if (!issue.message.startsWith('Invalid input: expected ')) return issue.message;
  const wanted = issue.message.slice('Invalid input: expected '.length).replace(/, received .*$/, '');
  return `expected ${names[wanted] ?? wanted}, got ${show(given)}`;
}

const names: Readonly<Record<string, string>> = {
  array: 'a list',
  boolean: 'true or false',
  int: 'a whole number',
  number: 'a number',
  object: 'keys with values',
  record: 'keys with values',
  string: 'text',
};

function show(given: unknown): string {
  if (given === null || given === undefined) return 'nothing';
  if (Array.isArray(given)) return 'a list';
  if (typeof given === 'number' || typeof given === 'boolean') return String(given);
  if (typeof given !== 'string') return 'keys with values';
  const text = JSON.stringify(given);
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}

function valueAt(value: unknown, path: YamlPath): unknown {
  return path.reduce<unknown>(
    (current, step) =>
      current !== null && typeof current === 'object' && Object.hasOwn(current, step)
        ? (current as Record<string | number, unknown>)[step]
        : undefined,
    value,
  );
}

/** The problem of an unknown key, with the nearest known one as a hint. */
export function unknownKey(path: YamlPath, known: readonly string[], source: YamlFile): Problem {
  const near = nearest(String(path.at(-1)), known);
  const problem = { message: `unknown key "${visibleLine(path.join('.'))}"`, place: source.placeOfKey(path) };
  if (near !== undefined) return { ...problem, hint: `did you mean "${near}"?` };
  return known.length === 0 ? problem : { ...problem, hint: `known here: ${known.join(', ')}` };
}
