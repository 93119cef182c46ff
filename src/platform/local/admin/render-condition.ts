import type { FailedCondition } from './admin-backend.ts';
import type { ApiSchema } from './api-schema.ts';
import type { JsonObject } from '../../json.ts';

export type ConditionState =
  | 'CONDITION_PENDING'
  | 'CONDITION_RECONCILING'
  | 'CONDITION_FAILED'
  | 'CONDITION_SUCCEEDED';

/** A condition as the API shows it. `trouble` says why it is not met. */
export function renderCondition(
  schema: ApiSchema,
  type: string,
  state: ConditionState,
  atMs: number,
  trouble: FailedCondition | null = null,
): JsonObject {
  return {
    type,
    state,
    ...(trouble === null ? {} : { message: trouble.message, ...reasonOf(schema, trouble.reason) }),
    lastTransitionTime: isoTime(atMs),
  };
}

/** RFC 3339 in UTC, as the API writes times. */
export function isoTime(atMs: number): string {
  return new Date(atMs).toISOString();
}

/** Reasons come from two lists, each with a field of its own; UNKNOWN stands for one in neither. */
function reasonOf(schema: ApiSchema, reason: string): JsonObject {
  const condition = schema.message('google.cloud.run.v2.Condition');
  const field = ['reason', 'revisionReason'].find((name) => {
    const kind = condition.field(name)?.kind;
    return kind?.kind === 'enum' && Object.hasOwn(kind.type.numberOf, reason);
  });
  return field === undefined ? { reason: 'UNKNOWN' } : { [field]: reason };
}
