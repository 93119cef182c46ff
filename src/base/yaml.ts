import { isMap, isPair, isScalar, isSeq, LineCounter, parseDocument, type Document, type Node } from 'yaml';
import type { Place, Problem } from './errors.ts';

/** A path into a YAML value: keys and list indexes. */
export type YamlPath = readonly (string | number)[];

/** A parsed YAML file that still knows where everything stood. */
export interface YamlFile {
  readonly file: string;
  readonly value: unknown;
  /** Syntax errors, duplicate keys; empty when the text is sound. */
  readonly problems: readonly Problem[];
  /** Where the value at the path stands, or its nearest parent that exists. */
  placeOf(path: YamlPath): Place;
  /** Where the key at the end of the path stands. */
  placeOfKey(path: YamlPath): Place;
}

/** Parses YAML 1.2; syntax errors are collected, never thrown. */
export function parseYaml(text: string, file: string): YamlFile {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true, prettyErrors: false });
  const placeAt = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { file, line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const problems = document.errors.map((error) => ({
    message: firstLine(error.message),
    place: placeAt(error.pos[0]),
  }));
  return {
    file,
    value: problems.length === 0 ? (document.toJS() as unknown) : undefined,
    problems,
    placeOf: (path) => placeAt(offsetOf(document, path)),
    placeOfKey: (path) => placeAt(keyOffsetOf(document, path)),
  };
}

function firstLine(message: string): string {
  return message.split('\n')[0] ?? message;
}

function offsetOf(document: Document.Parsed, path: YamlPath): number {
  for (let depth = path.length; depth >= 0; depth -= 1) {
    const node = document.getIn(path.slice(0, depth), true) as Node | undefined;
    if (node?.range) return node.range[0];
  }
  return 0;
}

function keyOffsetOf(document: Document.Parsed, path: YamlPath): number {
  const parent = document.getIn(path.slice(0, -1), true);
  const key = path.at(-1);
  if (isMap(parent)) {
    const pair = parent.items.find((item) => isPair(item) && isScalar(item.key) && item.key.value === key);
    if (pair !== undefined && isScalar(pair.key) && pair.key.range) return pair.key.range[0];
  }
  if (isSeq(parent) && typeof key === 'number') return offsetOf(document, path);
  return offsetOf(document, path);
}
