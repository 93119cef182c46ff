/** Control characters but the tab and the line break, those that turn the direction of text, and invisible ones. */
const hidden =
  /[^\P{Cc}\t\n]|[\u00AD\u061C\u200B\u200E\u200F\u2028-\u202E\u2060-\u206F\uFEFF\uFFF9-\uFFFB]|[\u{E0000}-\u{E007F}]|\p{Cs}/gu;

/**
 * Text from outside as it may be shown: what would move the cursor, colour the terminal, turn the direction of text or
 * stay invisible is written out, as in `\u{1b}[2J`. Line breaks and tabs are left.
 */
export function visible(text: string): string {
  return text.replaceAll(hidden, written);
}

/** The same for what must stay on one line. */
export function visibleLine(text: string): string {
  return visible(text).replaceAll(/[\n\t]/g, written);
}

/** All texts in a value, keys included. */
export function allVisible<T>(value: T): T {
  return shown(value) as T;
}

function shown(value: unknown): unknown {
  if (typeof value === 'string') return visible(value);
  if (Array.isArray(value)) return value.map(shown);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [visible(key), shown(item)]));
}

function written(character: string): string {
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}
