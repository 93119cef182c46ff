/** One element of an XML document. */
export interface XmlNode {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: XmlNode[];
}

/** Reads the XML that reports need: elements, attributes, text and CDATA. Throws where a document is not well-formed. */
export function parseXml(text: string): XmlNode {
  const body = text.replace(/^<\?xml[^?]*\?>\s*/, '').replaceAll(/<!\[CDATA\[[\s\S]*?\]\]>/g, '');
  const root: XmlNode = { name: '', attributes: {}, children: [] };
  const open = [root];
  let at = 0;
  for (const match of body.matchAll(/<(\/?)([\w:-]+)((?:\s+[\w:-]+="[^"<]*")*)\s*(\/?)>/g)) {
    checkText(body.slice(at, match.index));
    at = match.index + match[0].length;
    const [, isEnd, name = '', attributes = '', isEmpty] = match;
    if (isEnd === '/') {
      if (open.pop()?.name !== name) throw new Error(`</${name}> ends nothing`);
      continue;
    }
    const node = { name, attributes: readAttributes(attributes), children: [] };
    open.at(-1)?.children.push(node);
    if (isEmpty !== '/') open.push(node);
  }
  checkText(body.slice(at));
  const [document] = root.children;
  if (open.length !== 1 || document === undefined) throw new Error('an element is not ended');
  return document;
}

function readAttributes(text: string): Record<string, string> {
  return Object.fromEntries(
    [...text.matchAll(/([\w:-]+)="([^"]*)"/g)].map(([, name = '', value = '']) => [name, decode(value)]),
  );
}

function decode(text: string): string {
  checkText(text);
  const named: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' };
  return text.replaceAll(/&(\w+);/g, (_, name: string) => named[name] ?? '');
}

function checkText(text: string): void {
  if (/<|&(?!(?:lt|gt|quot|apos|amp|#\w+);)/.test(text))
    throw new Error(`not well-formed: ${text.slice(0, 80)}`);
}
