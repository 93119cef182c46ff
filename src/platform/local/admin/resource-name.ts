/** What a path of the API names. */
export interface ResourceName {
  readonly project: string;
  readonly location: string;
  readonly shape: ResourceShape;
  readonly service: string;
  readonly revision: string;
  readonly operation: string;
}

export type ResourceShape =
  | 'location'
  | 'services'
  | 'service'
  | 'revisions'
  | 'revision'
  | 'operations'
  | 'operation'
  | 'other';

const part = '([^/]+)';
const place = `projects/${part}/locations/${part}`;

/** A pattern each, and which of its parts is what. */
const patterns: readonly (readonly [
  ResourceShape,
  RegExp,
  readonly ('service' | 'revision' | 'operation')[],
])[] = [
  ['services', pattern('/services'), []],
  ['service', pattern(`/services/${part}`), ['service']],
  ['revisions', pattern(`/services/${part}/revisions`), ['service']],
  ['revision', pattern(`/services/${part}/revisions/${part}`), ['service', 'revision']],
  ['operations', pattern('/operations'), []],
  ['operation', pattern(`/operations/${part}`), ['operation']],
  ['location', pattern(''), []],
  ['other', pattern('/.+'), []],
];

/** Reads `projects/P/locations/L/services/S`; null when it is no resource of this API at all. */
export function readResourceName(text: string): ResourceName | null {
  for (const [shape, regexp, words] of patterns) {
    const found = regexp.exec(text);
    if (found === null) continue;
    const [, project = '', location = '', ...values] = found;
    const named = Object.fromEntries(words.map((word, index) => [word, values[index] ?? '']));
    return { project, location, shape, service: '', revision: '', operation: '', ...named };
  }
  return null;
}

/** `projects/P/locations/L/services/S` */
export function serviceName(at: { project: string; location: string }, service: string): string {
  return `projects/${at.project}/locations/${at.location}/services/${service}`;
}

/** `projects/P/locations/L/services/S/revisions/R` */
export function revisionName(
  at: { project: string; location: string },
  service: string,
  revision: string,
): string {
  return `${serviceName(at, service)}/revisions/${revision}`;
}

/** The last part of a name; a bare name stays itself. */
export function shortName(name: string): string {
  return name.slice(name.lastIndexOf('/') + 1);
}

function pattern(rest: string): RegExp {
  return new RegExp(`^${place}${rest}$`);
}
