import { inBase64, inHex, spelledOut } from './secret-forms.ts';

const blot = '[redacted]';

/** Blots out secret values, in every form that they may take. */
export interface Redactor {
  /** Of our own text: what can't be mistaken for anything else. */
  readonly own: (text: string) => string;
  /** Of text that a service, a server or a command has said: the short, the numeric and the plain words too. */
  readonly said: (text: string) => string;
}

/**
 * How far a value can be told from ordinary text. `anywhere`: wherever it occurs. `apart`: where it stands by itself.
 * `said`: a number or a plain word; our own text is full of those, so it is looked for only where others speak, and
 * blotted out by its position where a scenario says it.
 */
type Strength = 'anywhere' | 'apart' | 'said';

const plainWord = /^[A-Za-z]{1,11}$/;
const amount = /^-?\d[\d.,]*\s?(?:[A-Za-z%]{1,3}|\/[a-z]{1,3})?$/;
/** A number of so many digits is no count of ours. */
const longNumber = /^\d{6,}$/;

function strengthOf(value: string): Strength {
  if (longNumber.test(value)) return 'apart';
  if (value.length < 3 || plainWord.test(value) || amount.test(value)) return 'said';
  return value.length < 6 ? 'apart' : 'anywhere';
}

/** Whether it is blotted out wherever it occurs, in our own text too. */
export function isTelling(value: string): boolean {
  return strengthOf(value) !== 'said';
}

/**
 * What others say may have been cut within a value: at the end of a text, or at the start of the rest, this much of the
 * value counts as the value. Our own texts are not cut; a name in them may well be how a URL ends.
 */
const leastPart = 6;
const leastShare = 0.5;

/** Makes one for these values; longer ones come first, so that no part of one is left. */
export function makeRedactor(secrets: Iterable<string>): Redactor {
  const all = [...new Set(secrets)].filter((secret) => secret.length > 0).sort((a, b) => b.length - a.length);
  const telling = all.filter(isTelling);
  const blotAll = blotter(all);
  const long = telling.filter((value) => strengthOf(value) === 'anywhere' && value.length > leastPart);
  return { own: blotter(telling), said: (text) => long.reduce(withoutParts, blotAll(text)) };
}

function blotter(values: readonly string[]): (text: string) => string {
  const forms = values.flatMap(formsIn);
  return (text) => {
    const isEscaped = text.length < longestSaid && escapedLetter.test(text);
    return forms.reduce(
      (shown, { anchors, pattern }) =>
        isEscaped || anchors.some((anchor) => shown.includes(anchor)) ? shown.replace(pattern, blot) : shown,
      text,
    );
  };
}

/** One form of a value. Looking for the pattern takes long, so one of the anchors must be there first. */
interface Form {
  readonly anchors: readonly string[];
  readonly pattern: RegExp;
}

/** What others say is shorter; whole files of ours are made of what was blotted out before. */
const longestSaid = 64 * 1024;

/** Letters and digits need no escape; where they have one all the same, no anchor tells. */
const escapedLetter =
  /%(?:25)*(?:3\d|[46][1-9A-Fa-f]|[57][\dAa])|\\u00(?:3\d|[46][1-9A-Fa-f]|[57][\dAa])|&(?:amp;)*#(?:0*[4-9]\d;|0*1[0-2]\d;|x)/;

function formsIn(value: string): readonly Form[] {
  const plain = spelledOut(value);
  const anchors = [longestWord(value)];
  if (strengthOf(value) !== 'anywhere') return [{ anchors, pattern: new RegExp(apart(plain), 'g') }];
  const hex = Buffer.from(value).toString('hex');
  return [
    { anchors, pattern: new RegExp(plain, 'g') },
    ...inBase64(value).map(({ whole, source }) => ({
      anchors: [longestWord(whole)],
      pattern: new RegExp(source, 'g'),
    })),
    { anchors: [hex, hex.toUpperCase()], pattern: new RegExp(inHex(value), 'g') },
  ];
}

function longestWord(text: string): string {
  return (text.match(/[A-Za-z0-9]+/g) ?? ['']).reduce((a, b) => (b.length > a.length ? b : a));
}

/** Not within another word or number; an escape before it is no part of it. */
function apart(source: string): string {
  return `(?:(?<![A-Za-z0-9])|(?<=%[0-9A-Fa-f]{2})|(?<=\\\\[nrt]))${source}(?![A-Za-z0-9])`;
}

/** A text may have been cut within a value: its beginning at the end, its end at the beginning. */
function withoutParts(text: string, value: string): string {
  const least = Math.max(leastPart, Math.ceil(leastShare * value.length));
  let shown = text;
  for (let length = Math.min(value.length - 1, shown.length); length >= least; length -= 1) {
    if (shown.endsWith(value.slice(0, length))) shown = shown.slice(0, -length) + blot;
    if (shown.startsWith(value.slice(-length))) shown = blot + shown.slice(length);
  }
  return shown;
}

/** Applies a change to every text within a value. Keys are names, not values, and stay. */
export function mapTexts<T>(value: T, change: (text: string, key: string | null) => string): T {
  return mapAny(value, change, null) as T;
}

function mapAny(
  value: unknown,
  change: (text: string, key: string | null) => string,
  key: string | null,
): unknown {
  if (typeof value === 'string') return change(value, key);
  if (Array.isArray(value)) return value.map((item) => mapAny(item, change, key));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, mapAny(item, change, name)]));
}
