import type { ApiSchema, EnumType, MessageType } from './api-schema.ts';
import type { JsonObject } from '../../json.ts';
import { walkMessage } from './walk-message.ts';

/**
 * The name of an enum value given as its name or its number. A number that the API does not know stays a
 * number; a name that it does not know is null.
 */
export function enumName(type: EnumType, given: unknown): string | number | null {
  if (typeof given === 'string' && Object.hasOwn(type.numberOf, given)) return given;
  const number = typeof given === 'string' && /^-?\d+$/.test(given) ? Number(given) : given;
  return typeof number === 'number' && Number.isInteger(number) ? (type.nameOf.get(number) ?? number) : null;
}

/** The message with its enums as numbers, as `$alt=json;enum-encoding=int` asks for. */
export function withEnumNumbers(schema: ApiSchema, type: MessageType, json: JsonObject): JsonObject {
  return walkMessage(type, json, {
    schema,
    value: ({ kind }, value) =>
      kind.kind === 'enum' && typeof value === 'string' ? (kind.type.numberOf[value] ?? value) : value,
  });
}
