import { isAlias, isCollection, isMap, isNode, isScalar, visit, type Document, type Node } from 'yaml';

/** Deeper nesting would overflow the parser's stack, which can't be caught; no file by hand comes near. */
const deepest = 100;
const longest = 1024 * 1024;
/** Lines and items, which are what parsing takes time for: more than a second beyond this. */
const mostParts = 10_000;
const mostAliases = 1000;
/** Of one list or of one mapping: phases, requests, keys. Each is checked against the others. */
const mostItems = 1000;

/** Why a text is more than is worth parsing; undefined where it is not. */
export function excessOf(text: string): string | undefined {
  if (text.length > longest) return `the file has ${text.length} characters, more than ${longest}`;
  const { parts, depth } = measured(text);
  if (parts > mostParts) return `the file has more than ${mostParts} lines and items`;
  const dense = /^[^\S\n]*(?:[-?:][^\S\n]+){100}/m.test(text);
  return dense || depth > deepest || indentDepthOf(text) > deepest
    ? `nested more than ${deepest} levels deep`
    : undefined;
}

/** Lines and commas, and the deepest nesting of brackets, those in strings included: upper bounds. */
function measured(text: string): { readonly parts: number; readonly depth: number } {
  let parts = 0;
  let depth = 0;
  let most = 0;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at];
    if (character === '\n' || character === '\r' || character === ',') parts += 1;
    if (character === '[' || character === '{') depth += 1;
    if (character === ']' || character === '}') depth = Math.max(0, depth - 1);
    if (depth > most) most = depth;
  }
  return { parts, depth: most };
}

/** How many indents stand inside each other, those within long texts included: an upper bound for block style. */
function indentDepthOf(text: string): number {
  const open: number[] = [];
  let most = 0;
  for (const [, indent = ''] of text.matchAll(/^( *)[^\s#]/gm)) {
    while ((open.at(-1) ?? -1) >= indent.length) open.pop();
    open.push(indent.length);
    most = Math.max(most, open.length);
  }
  return most;
}

/** What is wrong with a parsed document although its syntax is sound, and where. */
export interface Excess {
  readonly message: string;
  readonly at: number;
}

/**
 * Lists that are too long, keys that come twice, and aliases that stand inside what they stand for or that are too many. (The parser's own check
 * of keys compares each with all the others.)
 */
export function excessIn(document: Document.Parsed): readonly Excess[] {
  const found: Excess[] = [];
  const aliasProblem = makeAliasCheck();
  visit(document, (_, node, ancestors) => {
    if (!isNode(node)) return;
    if (isCollection(node) && node.items.length > mostItems)
      found.push({ message: `${node.items.length} items, more than ${mostItems}`, at: startOf(node) });
    if (isMap(node)) found.push(...repeatedKeys(node.items));
    const message = aliasProblem(node, ancestors);
    if (message !== null) found.push({ message, at: startOf(node) });
    return found.length > mostAliases ? visit.BREAK : undefined;
  });
  return found;
}

/** Looks at all nodes in their order; says what is wrong with one that is an alias. */
function makeAliasCheck(): (node: Node, ancestors: readonly unknown[]) => string | null {
  const anchors = new Map<string, Node>();
  let aliases = 0;
  return (node, ancestors) => {
    if (!isAlias(node)) {
      if (node.anchor !== undefined) anchors.set(node.anchor, node);
      return null;
    }
    aliases += 1;
    if (aliases > mostAliases) return `more than ${mostAliases} aliases`;
    const meant = anchors.get(node.source);
    return meant !== undefined && ancestors.includes(meant)
      ? `*${node.source} stands inside what it stands for`
      : null;
  };
}

function startOf(node: Node): number {
  return node.range?.[0] ?? 0;
}

function repeatedKeys(items: readonly { readonly key: unknown }[]): readonly Excess[] {
  const known = new Set<unknown>();
  return items.flatMap(({ key }) => {
    if (!isScalar(key) || key.value === '<<') return [];
    if (known.has(key.value)) return [{ message: 'Map keys must be unique', at: key.range?.[0] ?? 0 }];
    known.add(key.value);
    return [];
  });
}
