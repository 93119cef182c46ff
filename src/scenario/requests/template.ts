import { nearest } from '../../base/nearest.ts';
import { hashString } from '../../base/random.ts';
import type { Draw, Fill } from './draw.ts';
import type { Feeds } from '../data/feed.ts';
import { makeFeedReader } from './feed-reader.ts';
import { templateFunctions, type TemplateFunction } from './template-functions.ts';

/**
 * Templates of requests, filled anew for every arrival:
 *
 *   ${rand_int(1,1000)}     a function; what it draws depends on the seed, the stream and the arrival alone
 *   ${data.FEED.COLUMN}     a column of a file of data
 *   ${... as number}        under `json`, where it is the whole text: a number in place of a text
 */
const placeholder = /\$\{([^}]*)\}/g;

/** A placeholder, taken apart. A call that is not closed is all name, and so unknown. */
export interface Call {
  /** What stands between the braces. */
  readonly text: string;
  readonly name: string;
  readonly args: readonly string[];
  /** The feed and the column, where it asks for data. */
  readonly data: { readonly feed: string; readonly column: string } | null;
  readonly asNumber: boolean;
}

/** What a template depends on beside the draw. */
export interface TemplateSetting {
  readonly seed: number;
  /** Placeholders of two streams draw independently. */
  readonly stream: string;
  readonly feeds: Feeds;
}

/** Text, and what is to be filled. */
export type Part = string | Fill;

/** Compiles a template. Does not throw if the text has no problems and its data is there. */
export function compileTemplate(
  text: string,
  setting: TemplateSetting,
  encode?: (value: string) => string,
): Part {
  return joinParts(templateParts(text, setting, encode));
}

/** The parts of a template: what is written comes as it stands, what is filled comes encoded. */
export function templateParts(
  text: string,
  setting: TemplateSetting,
  encode: (value: string) => string = (value) => value,
): readonly Part[] {
  return piecesOf(text).map((piece, index) =>
    typeof piece === 'string' ? piece : fillOf(piece, index, setting, encode),
  );
}

/** One text for a draw out of many parts; a text outright where nothing is to be filled. */
export function joinParts(parts: readonly Part[]): Part {
  const joined: Part[] = [];
  for (const part of parts) {
    const last = joined.at(-1);
    if (typeof part === 'string' && typeof last === 'string') joined.splice(-1, 1, last + part);
    else joined.push(part);
  }
  const [only = '', ...more] = joined;
  if (more.length === 0) return only;
  return (draw) => {
    let text = '';
    for (const part of joined) text += typeof part === 'string' ? part : part(draw);
    return text;
  };
}

/** The text of a part for a draw. */
export function fillPart(part: Part, draw: Draw): string {
  return typeof part === 'string' ? part : part(draw);
}

/** Text and placeholders in turn; empty text is left out. */
export function piecesOf(text: string): readonly (string | Call)[] {
  const pieces: (string | Call)[] = [];
  let end = 0;
  for (const match of text.matchAll(placeholder)) {
    pieces.push(text.slice(end, match.index), callOf(match[1] ?? ''));
    end = match.index + match[0].length;
  }
  return [...pieces, text.slice(end)].filter((piece) => piece !== '');
}

/** The placeholders of a text. */
export function callsOf(text: string): readonly Call[] {
  return piecesOf(text).filter((piece) => typeof piece !== 'string');
}

/** Everything that is wrong with a template, one line each; empty when it is sound. */
export function templateProblems(text: string, where: 'json' | 'elsewhere' = 'elsewhere'): readonly string[] {
  const pieces = piecesOf(text);
  const isAlone = where === 'json' && pieces.length === 1;
  return pieces.flatMap((piece) => {
    if (typeof piece === 'string') return piece.includes('${') ? ['a "${" is never closed'] : [];
    return problemOf(piece, isAlone) ?? [];
  });
}

function problemOf(call: Call, mayBeNumber: boolean): string | undefined {
  const found = functionOf(call.name);
  if (call.data === null && found === undefined) return unknownProblem(call);
  const problem = found?.problem(call.args);
  if (problem !== undefined) return `${found?.form ?? ''} ${problem}`;
  if (!call.asNumber) return undefined;
  if (!mayBeNumber) return '"as number" works under json, where it is all of a text';
  return found?.isNumber(call.args) === false ? `\${${call.name}} gives no number` : undefined;
}

function unknownProblem({ name, text }: Call): string {
  const near = nearest(name, Object.keys(templateFunctions));
  const forms = [...Object.values(templateFunctions).map(({ form }) => form), '${data.FEED.COLUMN}'];
  const hint =
    near === undefined
      ? `known: ${forms.join(', ')}`
      : `did you mean ${templateFunctions[near]?.form ?? near}?`;
  return `unknown template "\${${text}}"; ${hint}`;
}

function callOf(text: string): Call {
  const [, before] = /^(.*\S)\s+as\s+number\s*$/.exec(text) ?? [];
  const call = before ?? text;
  const asNumber = before !== undefined;
  const [, feed, column] = /^\s*data\.([^.]+)\.(.*\S)\s*$/.exec(call) ?? [];
  const data =
    feed === undefined || column === undefined ? null : { feed: feed.trim(), column: column.trim() };
  const [, name, inside = ''] = /^\s*([a-z_]+)\s*(?:\(([^()]*)\))?\s*$/.exec(call) ?? [];
  if (data !== null || name === undefined) return { text, name: call.trim(), args: [], data, asNumber };
  const args = inside.trim() === '' ? [] : inside.split(',').map((arg) => arg.trim());
  return { text, name, args, data, asNumber };
}

function fillOf(
  call: Call,
  index: number,
  { seed, stream, feeds }: TemplateSetting,
  encode: (value: string) => string,
): Part {
  if (call.data !== null) {
    const read = makeFeedReader(feeds, call.data.feed, call.data.column, seed);
    return (draw) => encode(read(draw));
  }
  const key = (slot: number): number => hashString(`${seed}/${stream}/${index}/${slot}`);
  return functionOf(call.name)?.make(call.args, { key, encode }) ?? '';
}

function functionOf(name: string): TemplateFunction | undefined {
  return Object.hasOwn(templateFunctions, name) ? templateFunctions[name] : undefined;
}
