import { invalidArgument, type Violation } from './api-error.ts';
import { camelCase } from './api-schema.ts';

/** The parameters that a request may have besides its resource. */
export interface Parameters {
  readonly pageSize: number;
  readonly pageToken: string;
  readonly showDeleted: boolean;
  /** Null: none given. */
  readonly updateMask: string | null;
  readonly validateOnly: boolean;
  readonly allowMissing: boolean;
  readonly etag: string;
  /** Whether the answer has its enums as numbers. */
  readonly enumNumbers: boolean;
}

export const noParameters: Parameters = {
  pageSize: 0,
  pageToken: '',
  showDeleted: false,
  updateMask: null,
  validateOnly: false,
  allowMissing: false,
  etag: '',
  enumNumbers: false,
};

/** Of every Google API: accepted, without an effect here unless named above. */
const system = new Set(['prettyPrint', 'fields', 'key', 'quotaUser', 'callback', 'xgafv', 'userProject']);

/** Reads a query string. Names may come as camelCase and as snake_case; an unknown one is refused. */
export function readParameters(query: URLSearchParams): Parameters {
  const violations: Violation[] = [];
  let read = noParameters;
  for (const [given, value] of query) {
    const name = camelCase(given.replace(/^\$/, ''));
    const one = readers.get(name)?.(value) ?? null;
    if (one === null) violations.push({ field: given, description: problemOf(name, value) });
    else read = { ...read, ...one };
  }
  if (violations.length > 0) throw invalidArgument(violations);
  return read;
}

type Reader = (value: string) => Partial<Parameters> | null;

const text =
  (name: 'updateMask' | 'pageToken' | 'etag'): Reader =>
  (value) => ({ [name]: value });

const flag =
  (name: 'showDeleted' | 'validateOnly' | 'allowMissing'): Reader =>
  (value) =>
    value === 'true' || value === 'false' ? { [name]: value === 'true' } : null;

/** By the parameter's name; null when the value is of another type. */
const readers: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  ['alt', (value) => ({ enumNumbers: value.includes('enum-encoding=int') })],
  ['pageSize', (value) => (/^-?\d{1,9}$/.test(value) ? { pageSize: Number(value) } : null)],
  ['pageToken', text('pageToken')],
  ['updateMask', text('updateMask')],
  ['etag', text('etag')],
  ['showDeleted', flag('showDeleted')],
  ['validateOnly', flag('validateOnly')],
  ['allowMissing', flag('allowMissing')],
  ...[...system].map((name): [string, Reader] => [name, () => ({})]),
]);

function problemOf(name: string, value: string): string {
  return readers.has(name) ? `can't be "${value}"` : 'no such parameter of this method';
}
