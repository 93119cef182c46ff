import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument, type Document, type Node } from 'yaml';
import { messageOf, type Place, type Problem } from './errors.ts';
import { excessIn, excessOf } from './yaml-excess.ts';

/** A path into a YAML value: keys and list indexes. */
export type YamlPath = readonly (string | number)[];

/** A parsed YAML file that knows the place of everything in it. */
export interface YamlFile {
  readonly file: string;
  readonly value: unknown;
  /** Syntax errors, duplicate keys, unknown tags; empty when the text is sound. */
  readonly problems: readonly Problem[];
  /** The place of the value at the path, or of its nearest parent that exists. */
  placeOf(path: YamlPath): Place;
  /** The place of the key at the end of the path. */
  placeOfKey(path: YamlPath): Place;
  /** The source text of a scalar, before it became a number or a string; undefined where there is none. */
  textOf(path: YamlPath): string | undefined;
  /** The place of a character of the text at the path; the start of the text if the file spells it differently. */
  placeInText(path: YamlPath, text: string, at: number): Place;
}

/** Parses YAML 1.2; whatever is wrong with the text is collected, never thrown. */
export function parseYaml(text: string, file: string): YamlFile {
  const tooMuch = excessOf(text);
  if (tooMuch !== undefined) return refusedYaml(file, { message: tooMuch, place: startOfFile(file) });
  const lines = new LineCounter();
  const document = parsed(text, lines);
  if (document === null) return refusedYaml(file, { message: 'nested too deeply', place: startOfFile(file) });
  const placeAt = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { file, line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  // An unknown tag would silently change a value's meaning, so warnings count as errors.
  const problems: Problem[] = [...document.errors, ...document.warnings].map((error) => ({
    message: firstLine(error.message),
    place: placeAt(error.pos[0]),
  }));
  if (problems.length === 0)
    problems.push(...excessIn(document).map(({ message, at }) => ({ message, place: placeAt(at) })));
  const value = problems.length === 0 ? valueOf(document, problems, placeAt(0)) : undefined;
  return {
    file,
    value,
    problems,
    placeOf: (path) => placeAt(startOf(nearestNode(document, path))),
    placeOfKey: (path) => placeAt(keyOffsetOf(document, path)),
    textOf: (path) => sourceOf(document, path),
    placeInText: (path, wanted, at) => {
      const [start = 0, end = start] = nearestNode(document, path)?.range ?? [];
      const inside = text.slice(start, end).indexOf(wanted);
      return placeAt(inside < 0 ? start : start + inside + at);
    },
  };
}

/** A file that could not be read or parsed at all. */
export function refusedYaml(file: string, problem: Problem): YamlFile {
  const place = (): Place => startOfFile(file);
  const textOf = (): undefined => undefined;
  return {
    file,
    value: undefined,
    problems: [problem],
    placeOf: place,
    placeOfKey: place,
    textOf,
    placeInText: place,
  };
}

/** Null where the parser ran out of stack. */
function parsed(text: string, lineCounter: LineCounter): Document.Parsed | null {
  try {
    return parseDocument(text, { lineCounter, logLevel: 'error', prettyErrors: false, uniqueKeys: false });
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

function startOfFile(file: string): Place {
  return { file, line: 1, column: 1 };
}

function valueOf(document: Document.Parsed, problems: Problem[], start: Place): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 }) as unknown;
  } catch (error) {
    problems.push({ message: firstLine(messageOf(error)), place: start });
    return undefined;
  }
}

function firstLine(message: string): string {
  return message.split('\n')[0] ?? message;
}

type Step = string | number;

function nearestNode(document: Document.Parsed, path: YamlPath): Node | null {
  let node: Node | null = document.contents;
  for (const step of path) {
    const next = childOf(resolved(document, node), step);
    if (next === null) break;
    node = next;
  }
  return node;
}

function childOf(node: Node | null, step: Step): Node | null {
  if (isSeq(node)) return (node.items[Number(step)] as Node | undefined) ?? null;
  const pair = pairOf(node, step);
  return (pair?.value as Node | null | undefined) ?? (pair?.key as Node | undefined) ?? null;
}

function pairOf(node: Node | null, step: Step | undefined): { key: unknown; value: unknown } | undefined {
  if (!isMap(node)) return undefined;
  return node.items.find((item) => isScalar(item.key) && String(item.key.value) === String(step));
}

function resolved(document: Document.Parsed, node: Node | null): Node | null {
  return isAlias(node) ? (node.resolve(document) ?? null) : node;
}

function keyOffsetOf(document: Document.Parsed, path: YamlPath): number {
  const parent = nearestNode(document, path.slice(0, -1));
  const pair = pairOf(resolved(document, parent), path.at(-1));
  return pair === undefined ? startOf(nearestNode(document, path)) : startOf(pair.key as Node);
}

function sourceOf(document: Document.Parsed, path: YamlPath): string | undefined {
  let node: Node | null = document.contents;
  for (const step of path) {
    const parent = resolved(document, node);
    const next: unknown = isSeq(parent) ? parent.items[Number(step)] : pairOf(parent, step)?.value;
    node = (next ?? null) as Node | null;
  }
  const last = resolved(document, node);
  return isScalar(last) ? last.source : undefined;
}

function startOf(node: Node | null): number {
  return node?.range?.[0] ?? 0;
}
