/** What a `log_line_prefix` may tell of a line. */
export type PrefixField =
  | 'time'
  | 'pid'
  | 'role'
  | 'database'
  | 'applicationName'
  | 'client'
  | 'sqlstate'
  | 'backendType';

/** A `log_line_prefix` as a pattern, and which of its groups holds what. */
export interface LinePrefix {
  /** Source of a regular expression, without anchors. */
  readonly pattern: string;
  readonly fields: readonly (PrefixField | 'session')[];
}

const stamp = String.raw`\d{4}-\d\d-\d\d \d\d:\d\d:\d\d`;

/** The escapes of which something is known, and what they look like. `%c` holds the pid as its second half. */
const known: Readonly<
  Record<string, { readonly field?: PrefixField | 'session'; readonly pattern: string }>
> = {
  m: { field: 'time', pattern: String.raw`${stamp}\.\d{3} \S+` },
  t: { field: 'time', pattern: String.raw`${stamp} \S+` },
  n: { field: 'time', pattern: String.raw`\d+\.\d{3}` },
  p: { field: 'pid', pattern: String.raw`\d+` },
  c: { field: 'session', pattern: String.raw`[0-9a-f]+\.[0-9a-f]+` },
  u: { field: 'role', pattern: '.{0,64}?' },
  d: { field: 'database', pattern: '.{0,64}?' },
  a: { field: 'applicationName', pattern: '.{0,64}?' },
  r: { field: 'client', pattern: '.{0,300}?' },
  e: { field: 'sqlstate', pattern: '[0-9A-Z]{5}' },
  b: { field: 'backendType', pattern: '.{0,64}?' },
  h: { pattern: '.{0,300}?' },
  L: { pattern: '.{0,300}?' },
  i: { pattern: '.{0,64}?' },
  s: { pattern: String.raw`${stamp} \S+` },
  l: { pattern: String.raw`\d+` },
  v: { pattern: '[0-9/]*' },
  x: { pattern: String.raw`\d+` },
  P: { pattern: String.raw`\d*` },
  Q: { pattern: String.raw`-?\d+` },
};

/** Reads a `log_line_prefix`: escapes such as `%m` and `%-10u`, `%q` behind which only sessions have anything. */
export function readLinePrefix(prefix: string): LinePrefix {
  const parts = [...prefix.matchAll(/%(-?\d*)([a-zA-Z%])|[^%]+|%/g)].map(([text, padding = '', escape]) =>
    escape === 'q' ? null : readPart(text, padding, escape),
  );
  const cut = parts.indexOf(null);
  const patternOf = (some: typeof parts): string => some.map((part) => part?.pattern ?? '').join('');
  return {
    pattern:
      cut < 0 ? patternOf(parts) : `${patternOf(parts.slice(0, cut))}(?:${patternOf(parts.slice(cut))})?`,
    fields: parts.flatMap((part) => part?.field ?? []),
  };
}

interface PrefixPart {
  readonly field?: PrefixField | 'session';
  readonly pattern: string;
}

/** An escape that Postgres does not know prints nothing. */
function readPart(text: string, padding: string, escape: string | undefined): PrefixPart {
  if (escape === undefined || escape === '%') return { pattern: escapeText(escape ?? text) };
  const what = known[escape];
  if (what === undefined) return { pattern: '' };
  const around = padding === '' ? '' : ' *';
  const group = what.field === undefined ? '(?:' : '(';
  return { ...what, pattern: `${around}${group}${what.pattern})${around}` };
}

function escapeText(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, String.raw`\$&`);
}
