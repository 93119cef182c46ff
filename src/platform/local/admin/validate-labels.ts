import type { Violation } from './api-error.ts';

/** The v2 API has a typed field for each setting that v1 keeps in annotations of these namespaces. */
const reserved =
  /^([a-z0-9-]+\.)*(run\.googleapis\.com|cloud\.googleapis\.com|serving\.knative\.dev|autoscaling\.knative\.dev)\//;

type Labels = Readonly<Record<string, string>>;

/** Refuses what v2 has fields for. Values from the service's own file may stay if unchanged. */
export function labelProblems(field: string, wanted: Labels = {}, before: Labels = {}): readonly Violation[] {
  return Object.keys(wanted)
    .filter((key) => reserved.test(key) && wanted[key] !== before[key])
    .map((key) => ({
      field: `${field}.${key}`,
      description: 'this namespace is not allowed in v2: use the typed field for it',
    }));
}
