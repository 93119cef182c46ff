/**
 * The source of a regular expression that finds a value in every form a program may print it in: as it is, in parts or
 * wholly percent-encoded (even twice), escaped for JSON, HTML, SQL or a shell.
 */
export function spelledOut(value: string): string {
  return Array.from(value, formsOf).join('');
}

const entities: Readonly<Record<string, string>> = {
  '"': 'quot',
  "'": 'apos',
  '&': 'amp',
  '<': 'lt',
  '>': 'gt',
};
const controls: Readonly<Record<string, string>> = { '\n': 'n', '\r': 'r', '\t': 't', '\b': 'b', '\f': 'f' };

function formsOf(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  const units = Array.from({ length: character.length }, (_, at) => character.charCodeAt(at));
  const named = entities[character];
  const control = controls[character];
  const forms = [
    // Backslashes stand before it in JSON within JSON, in Markdown and in a shell.
    /[A-Za-z0-9]/.test(character) ? character : `\\\\*${quoted(character)}`,
    [...Buffer.from(character)].map((byte) => `%(?:25)*${hex(byte)}`).join(''),
    units.map((unit) => `\\\\+u${hex(unit >> 8)}${hex(unit & 255)}`).join(''),
    `&(?:amp;)*#(?:0*${code}|[xX]0*${anyCase(code.toString(16))});`,
    ...(named === undefined ? [] : [`&(?:amp;)*${named};`]),
    ...(control === undefined ? [] : [`\\\\+${control}`]),
    ...(character === ' ' ? ['\\+'] : []),
    ...(character === "'" ? ["''", "'\\\\''"] : []),
  ];
  return `(?:${forms.join('|')})`;
}

/**
 * The sources for a value within base64, plain or for URLs. Its bytes meet the groups of three at three places, so there
 * are three texts; the characters at both ends that neighbours have a part in are found with it.
 *
 *     skipped characters = 0, 2, 3 for 0, 1, 2 bytes before it; whole ones end at floor(8 bytes / 6)
 */
export function inBase64(value: string): readonly Base64Form[] {
  const bytes = Buffer.from(value);
  return [0, 1, 2].map((before) => {
    const text = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64');
    const whole = text.slice(Math.ceil((before * 8) / 6), Math.floor(((before + bytes.length) * 8) / 6));
    const [lead, trail] = [before === 0 ? 0 : 1, (before + bytes.length) % 3 === 0 ? 0 : 1];
    const source = `${any64}{0,${lead}}${Array.from(whole, letter64).join('')}${any64}{0,${trail}}`;
    return { whole, source };
  });
}

/** The characters that are the value's alone, and the source that finds them. */
export interface Base64Form {
  readonly whole: string;
  readonly source: string;
}

const any64 = '(?:[A-Za-z0-9+/_-]|%2[BbFf])';

function letter64(letter: string): string {
  if (letter === '+') return '(?:[+-]|%2[Bb])';
  return letter === '/' ? '(?:\\\\*/|_|%2[Ff])' : letter;
}

/** The source for the value's bytes in hexadecimal. */
export function inHex(value: string): string {
  return [...Buffer.from(value)].map(hex).join('');
}

function hex(byte: number): string {
  return anyCase(byte.toString(16).padStart(2, '0'));
}

function anyCase(digits: string): string {
  return digits.replaceAll(/[a-f]/g, (digit) => `[${digit}${digit.toUpperCase()}]`);
}

function quoted(character: string): string {
  return character.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
}
