import { makeRedactor, mapTexts, type Redactor } from './redact.ts';

/*
 * The values that must leave this process through no way out. They are the process's, as its terminal and its files are:
 * whatever writes passes its text through here, and need not know which scenario a value came from.
 */
const hidden = new Set<string>();
let redactor: Redactor = makeRedactor([]);
let isStale = false;
const knownOwn = new Map<string, string>();
const knownSaid = new Map<string, string>();
const mostKnown = 20_000;
const longestKnown = 200;

/** From now on these are shown nowhere. Empty ones are nothing to hide. */
export function hide(values: Iterable<string>): void {
  for (const value of values)
    for (const one of partsOf(value)) {
      if (hidden.has(one)) continue;
      hidden.add(one);
      isStale = true;
    }
}

/** Hides nothing any more. */
export function revealAll(): void {
  hidden.clear();
  isStale = true;
}

/** All of them, for another process of ours that has to keep them too. */
export function hiddenValues(): readonly string[] {
  return [...hidden];
}

/** A text of our own, fit to be shown. */
export function shown(text: string): string {
  return hidden.size === 0 ? text : remembered(knownOwn, text, (one) => current().own(one));
}

/** Something that a service, a server or a command has said, fit to be shown. */
export function shownSaid(text: string): string {
  return hidden.size === 0 ? text : remembered(knownSaid, text, (one) => current().said(one));
}

/** Most short texts come again and again. */
function remembered(known: Map<string, string>, text: string, find: (text: string) => string): string {
  if (text.length > longestKnown) return find(text);
  const before = isStale ? undefined : known.get(text);
  if (before !== undefined) return before;
  const answer = find(text);
  if (known.size >= mostKnown) known.clear();
  known.set(text, answer);
  return answer;
}

/** A record of ours, fit to be kept: in the keys named, texts are what others have said. */
export function shownRecord<T>(record: T, saidKeys: ReadonlySet<string>): T {
  if (hidden.size === 0) return record;
  return mapTexts(record, (text, key) => (key !== null && saidKeys.has(key) ? shownSaid(text) : shown(text)));
}

function current(): Redactor {
  if (isStale) {
    redactor = makeRedactor(hidden);
    knownOwn.clear();
    knownSaid.clear();
    isStale = false;
  }
  return redactor;
}

/** A line is the least that is left of a value of many lines, such as a key. */
const leastLine = 8;

function partsOf(value: string): readonly string[] {
  if (value === '') return [];
  const lines = value.includes('\n') ? value.split(/\r?\n/).filter((line) => line.length >= leastLine) : [];
  return [value, value.trim(), ...lines, ...passwordsIn(value)].filter((part) => part !== '');
}

/** Passwords and tokens that stand in the URLs of a text, as they are written there and decoded. */
export function passwordsIn(text: string): readonly string[] {
  const inUrls = [
    ...text.matchAll(/[a-z][a-z0-9+.-]*:\/\/[^\s/@:]*:([^\s/?#]+)@/gi),
    ...text.matchAll(
      /[?&;](?:[a-z_-]*(?:token|secret|password|passwd|api[_-]?key|signature)|sig|auth|key)=([^&#\s"']+)/gi,
    ),
  ].map((match) => match[1] ?? '');
  return inUrls.flatMap((one) => [one, decoded(one)]);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
