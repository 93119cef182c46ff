import type { Violation } from './api-error.ts';
import type { Field, MessageType } from './api-schema.ts';
import { isObject, type JsonObject } from '../../json.ts';

/** A field as a mask names it, one step an entry, in JSON names. */
export type FieldPath = readonly string[];

/** What a mask means for one change, and what is wrong with it. */
export interface ReadMask {
  readonly paths: readonly FieldPath[];
  readonly violations: readonly Violation[];
}

/** Names that are no content of a resource: the platform writes them, or they say which resource it is. */
const notContent = new Set(['name', 'etag']);

/**
 * Reads a mask such as `template,scaling.min_instance_count` against both sides of a change, both normalized.
 * No mask: all that the change sets. `*`: everything, so that what the change leaves out is unset. A field that
 * the API's description does not have is fine as long as either side has it.
 */
export function readMask(
  mask: string | null,
  type: MessageType,
  current: JsonObject,
  change: JsonObject,
): ReadMask {
  const content = (json: JsonObject): readonly string[] =>
    Object.keys(json).filter((key) => !isPlatformOwn(type, key));
  if (mask === null || mask === '') return { paths: content(change).map((key) => [key]), violations: [] };
  if (mask === '*') {
    const keys = new Set([...content(current), ...content(change)]);
    return { paths: [...keys].map((key) => [key]), violations: [] };
  }
  const paths: FieldPath[] = [];
  const violations: Violation[] = [];
  for (const word of mask.split(',').map((part) => part.trim())) {
    const read = readPath(word, type, [current, change]);
    if (typeof read === 'string') violations.push({ field: 'updateMask', description: read });
    else if (!isPlatformOwn(type, read[0] ?? '')) paths.push(read);
  }
  return { paths, violations };
}

/** A copy of `current` in which the fields at the paths are as `change` has them: unset where it has none. */
export function applyPaths(current: JsonObject, change: JsonObject, paths: readonly FieldPath[]): JsonObject {
  return paths.reduce((merged, path) => withField(merged, path, valueAt(change, path)), current);
}

function isPlatformOwn(type: MessageType, key: string): boolean {
  return notContent.has(key) || type.field(key)?.outputOnly === true;
}

/** The path in JSON names, or what is wrong with it. */
function readPath(word: string, type: MessageType, sides: readonly JsonObject[]): FieldPath | string {
  const path: string[] = [];
  // Null within a map, or in a message that the description does not have.
  let at: MessageType | null = type;
  let leaf: Field | null = null;
  for (const step of word.split('.')) {
    if (leaf !== null) return `"${word}": "${path.join('.')}" has no fields that a mask could name`;
    const field: Field | undefined = at?.field(step);
    path.push(field?.name ?? step);
    if (at !== null && field === undefined && !isInAny(sides, path)) return `no such field: "${word}"`;
    leaf = field === undefined || hasFields(field) ? null : field;
    at = field === undefined ? null : messageOf(field);
  }
  return path;
}

function isInAny(sides: readonly JsonObject[], path: FieldPath): boolean {
  return sides.some((side) => valueAt(side, path) !== undefined);
}

function messageOf({ many, kind }: Field): MessageType | null {
  return many === 'one' && kind.kind === 'message' ? kind.type : null;
}

function hasFields(field: Field): boolean {
  return field.many === 'map' || messageOf(field) !== null;
}

function valueAt(json: JsonObject, path: FieldPath): unknown {
  return path.reduce<unknown>(
    (at, step) => (isObject(at) && Object.hasOwn(at, step) ? at[step] : undefined),
    json,
  );
}

function withField(json: JsonObject, path: FieldPath, value: unknown): JsonObject {
  const [step, ...rest] = path;
  if (step === undefined) return json;
  const { [step]: before, ...others } = json;
  if (rest.length === 0) return value === undefined ? others : { ...json, [step]: value };
  if (value === undefined && !isObject(before)) return json;
  return { ...json, [step]: withField(isObject(before) ? before : {}, rest, value) };
}
