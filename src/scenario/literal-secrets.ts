import { passwordsIn } from '../base/secrets/secrets.ts';

/** Names whose values are secrets wherever they stand: headers, variables, fields of a body. */
const tellingName =
  /^(?:proxy-)?authorization$|^(?:set-)?cookie$|passw(?:or)?d$|secret$|token$|(?:api|access|private)[-_]?key$|credentials?$/i;

/** A template is not what is sent, and a reference to a secret is none. */
const isTemplate = /\$\{|\$\(/;

/** The parts of a file in which names are those of headers, variables and fields. */
const namingParts = ['env', 'form', 'headers', 'json'];

/**
 * The secrets that are written in a file as they are: the password of a URL, and the value of a header, a variable or a
 * field whose name says what it is.
 */
export function literalSecrets(value: unknown): readonly string[] {
  return secretsWithin(value, null);
}

/** `name` is that of the nearest header, variable or field; null outside of all parts that have any. */
function secretsWithin(value: unknown, name: string | null): readonly string[] {
  if (typeof value === 'string')
    return [...passwordsIn(value), ...(tellingName.test(name ?? '') ? credentialIn(value) : [])];
  if (Array.isArray(value)) return value.flatMap((item) => secretsWithin(item, name));
  if (value === null || typeof value !== 'object') return [];
  const fields: Readonly<Record<string, unknown>> = { ...value };
  // An environment is also written as a list of names and values.
  if (name !== null && typeof fields['name'] === 'string')
    return secretsWithin(fields['value'], fields['name']);
  return Object.entries(fields).flatMap(([key, item]) => {
    if (name !== null) return secretsWithin(item, key);
    return secretsWithin(item, namingParts.includes(key) ? '' : null);
  });
}

/** Without the scheme before it, as in `Bearer abc`. */
function credentialIn(text: string): readonly string[] {
  if (text === '' || isTemplate.test(text)) return [];
  const [, bare = ''] = /^[A-Za-z]+ +(\S+)$/.exec(text) ?? [];
  return bare === '' ? [text] : [bare];
}
