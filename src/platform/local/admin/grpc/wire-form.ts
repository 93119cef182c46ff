import type { ApiSchema, MessageType } from '../api-schema.ts';
import { isObject, type JsonObject } from '../../../json.ts';
import { walkMessage } from '../walk-message.ts';

/*
 * gRPC has the same messages as REST; times and durations alone look different: seconds and nanoseconds there,
 * text in JSON.
 */

/** A message as gRPC brings it, in the form of JSON. */
export function fromWire(schema: ApiSchema, type: MessageType, message: JsonObject): JsonObject {
  return walkMessage(type, message, {
    schema,
    value: ({ kind }, value) => {
      if (kind.kind !== 'scalar' || !isObject(value)) return value;
      if (kind.scalar === 'timestamp') return new Date(millisecondsOf(value)).toISOString();
      return kind.scalar === 'duration' ? `${millisecondsOf(value) / 1000}s` : value;
    },
  });
}

/** A message in JSON, in the form that gRPC sends. */
export function toWire(schema: ApiSchema, type: MessageType, json: JsonObject): JsonObject {
  return walkMessage(type, json, {
    schema,
    value: ({ kind }, value) => {
      if (kind.kind !== 'scalar' || typeof value !== 'string') return value;
      if (kind.scalar === 'timestamp') return partsOf(Date.parse(value));
      return kind.scalar === 'duration' ? partsOf(1000 * Number(value.replace(/s$/, ''))) : value;
    },
  });
}

function millisecondsOf({ seconds, nanos }: JsonObject): number {
  return 1000 * Number(seconds ?? 0) + Number(nanos ?? 0) / 1e6;
}

function partsOf(ms: number): JsonObject {
  const seconds = Math.floor(ms / 1000);
  return { seconds: String(seconds), nanos: Math.round((ms - seconds * 1000) * 1e6) };
}
