import type { ApiSchema, Field, MessageType } from './api-schema.ts';
import { isObject, type JsonObject } from '../../json.ts';

/** What is done on the way through a message. */
export interface Walk {
  readonly schema: ApiSchema;
  /** What takes the place of a value that is no message; undefined leaves the field out. */
  value(field: Field, value: unknown, path: string): unknown;
  /** Something at `path` has another structure than the API's; it is kept as it came. */
  wrong?(path: string, expected: string): void;
  /** Whether a field is left out altogether. */
  leaveOut?(field: Field, depth: number): boolean;
}

/**
 * A copy of a message in JSON with every known value replaced. Fields get their JSON names; null, empty lists
 * and empty maps are left out, as they mean unset. Fields that the API's description does not have are kept.
 */
export function walkMessage(
  type: MessageType,
  json: JsonObject,
  walk: Walk,
  path = '',
  depth = 0,
): JsonObject {
  const copy: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(json)) {
    if (value === null || value === undefined) continue;
    const field = type.field(key);
    if (field === undefined) {
      copy[key] = value;
      continue;
    }
    if (walk.leaveOut?.(field, depth) === true) continue;
    const walked = walkField(field, value, walk, join(path, field.name), depth);
    if (walked !== undefined) copy[field.name] = walked;
  }
  return copy;
}

function walkField(field: Field, value: unknown, walk: Walk, path: string, depth: number): unknown {
  const { many } = field;
  if (many === 'one') return walkValue(field, value, walk, path, depth);
  const fits = many === 'list' ? Array.isArray(value) : isObject(value);
  if (!fits) {
    walk.wrong?.(path, many === 'list' ? 'a list' : 'an object');
    return value;
  }
  if (Array.isArray(value)) {
    if (value.length === 0) return undefined;
    return value.map((element, index) => walkValue(field, element, walk, `${path}[${index}]`, depth));
  }
  const entries = Object.entries(value as JsonObject);
  if (entries.length === 0) return undefined;
  return Object.fromEntries(
    entries.map(([key, element]) => [key, walkValue(field, element, walk, join(path, key), depth)]),
  );
}

function walkValue(field: Field, value: unknown, walk: Walk, path: string, depth: number): unknown {
  const { kind } = field;
  if (kind.kind !== 'message' && kind.kind !== 'any') return walk.value(field, value, path);
  if (!isObject(value)) {
    walk.wrong?.(path, 'an object');
    return value;
  }
  if (kind.kind === 'message') return walkMessage(kind.type, value, walk, path, depth + 1);
  const type = typeOfAny(walk.schema, value);
  return type === null ? value : walkMessage(type, value, walk, path, depth + 1);
}

/** The type that an Any in JSON says it has. */
function typeOfAny(schema: ApiSchema, value: JsonObject): MessageType | null {
  const url = value['@type'];
  return typeof url === 'string' ? schema.find(url.slice(url.lastIndexOf('/') + 1)) : null;
}

function join(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`;
}
