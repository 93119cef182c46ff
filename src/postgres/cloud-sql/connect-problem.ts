import { EnvironmentError, messageOf } from '../../base/errors.ts';

/** What the connector's commonest failures come from. */
const hints: readonly (readonly [RegExp, string])[] = [
  [/default credentials/i, 'gcloud auth application-default login, or GOOGLE_APPLICATION_CREDENTIALS'],
  [/has not been used|is disabled|accessNotConfigured/i, 'gcloud services enable sqladmin.googleapis.com'],
  [
    /permission|forbidden|notAuthorized|\b403\b/i,
    'the caller needs the role Cloud SQL Client (roles/cloudsql.client)',
  ],
  [/ip address/i, 'ip_type names an address that the instance does not have'],
  [
    /does not exist|not found|\b404\b/i,
    'instance: project:region:instance, as gcloud sql instances describe says',
  ],
  [/region was mismatched/i, 'the region is the second part of the connection name'],
  [
    /ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|no answer/i,
    'a private address is reached from inside its network only',
  ],
];

/** An instance that can't be reached, with what usually helps. */
export function cannotReach(instance: string, error: unknown): EnvironmentError {
  const words = messageOf(error).replaceAll(/\s+/g, ' ').trim();
  const hint = hints.find(([pattern]) => pattern.test(words))?.[1];
  const message = `the Cloud SQL instance ${instance} can't be reached: ${words}`;
  return new EnvironmentError([{ message, ...(hint === undefined ? {} : { hint }) }], { cause: error });
}
