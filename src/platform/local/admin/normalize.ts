import type { Violation } from './api-error.ts';
import type { ApiSchema, Field, MessageType, Scalar } from './api-schema.ts';
import { enumName } from './enums.ts';
import type { JsonObject } from '../../json.ts';
import { walkMessage } from './walk-message.ts';

/** A message in the form that is stored, and what is wrong with it. */
export interface Normalized {
  readonly json: JsonObject;
  readonly violations: readonly Violation[];
}

/**
 * Brings a message from a client into one form: JSON names, enums by name, int64 as text. Values that mean
 * unset are left out (0, '' and false where the field has no presence of its own), and so is what only the
 * platform writes. Unknown fields stay as they came.
 */
export function normalize(schema: ApiSchema, type: MessageType, json: JsonObject): Normalized {
  const violations: Violation[] = [];
  const walked = walkMessage(type, json, {
    schema,
    leaveOut: (field) => field.outputOnly,
    value: (field, value, path) => {
      const read = readValue(field, value);
      if (read === undefined) {
        violations.push({ field: path, description: `must be ${expectedOf(field)}, got ${shown(value)}` });
        return value;
      }
      return field.many === 'one' && !field.hasPresence && isDefault(field, read) ? undefined : read;
    },
    wrong: (field, expected) => violations.push({ field, description: `must be ${expected}` }),
  });
  return { json: walked, violations };
}

/** The value in its stored form; undefined when it is of another type. */
function readValue({ kind }: Field, value: unknown): unknown {
  if (kind.kind === 'enum') return enumName(kind.type, value) ?? undefined;
  return kind.kind === 'scalar' ? readScalar[kind.scalar](value) : value;
}

/** Proto JSON lets a number come as text. */
const readScalar: Readonly<Record<Scalar, (value: unknown) => unknown>> = {
  string: (value) => (typeof value === 'string' ? value : undefined),
  bool: (value) => (typeof value === 'boolean' ? value : undefined),
  int32: (value) => wholeNumber(value),
  int64: (value) => (wholeNumber(value) === undefined ? undefined : String(value)),
  double: (value) => (Number.isFinite(Number(value)) ? Number(value) : undefined),
  timestamp: (value) => (typeof value === 'string' && !Number.isNaN(Date.parse(value)) ? value : undefined),
  duration: (value) => (typeof value === 'string' && /^-?\d+(\.\d{1,9})?s$/.test(value) ? value : undefined),
  other: (value) => value,
};

function wholeNumber(value: unknown): number | undefined {
  const number = typeof value === 'string' && /^-?\d+$/.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isInteger(number) ? number : undefined;
}

function isDefault({ kind }: Field, value: unknown): boolean {
  if (kind.kind === 'enum') return kind.type.numberOf[String(value)] === 0 || value === 0;
  return value === 0 || value === '0' || value === '' || value === false;
}

function expectedOf({ kind }: Field): string {
  if (kind.kind === 'enum') return `one of ${Object.keys(kind.type.numberOf).join(', ')}`;
  return kind.kind === 'scalar' ? expected[kind.scalar] : 'an object';
}

const expected: Readonly<Record<Scalar, string>> = {
  string: 'text',
  bool: 'true or false',
  int32: 'a whole number',
  int64: 'a whole number',
  double: 'a number',
  timestamp: 'a time such as 2026-11-21T05:00:00Z',
  duration: 'a duration in seconds such as "300s"',
  other: 'of another type',
};

function shown(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
