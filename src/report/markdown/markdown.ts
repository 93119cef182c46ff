import { plainLine } from '../words.ts';

/**
 * Text that a Markdown reader shows as it is. Underscores inside words are left alone (they mean nothing there),
 * so that names such as max_connections stay readable in the source as well.
 */
export function plain(text: string): string {
  return plainLine(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll(/[\\`*[\]|~#]/g, String.raw`\$&`)
    .replaceAll(/(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, String.raw`\_`)
    .replaceAll(/@(?=\w)/g, '@\u2060');
}

/** A table; cells are Markdown already. Columns named `:n` at the end are aligned to the right. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const titles = head.map((title) => title.replace(/:n$/, ''));
  const rule = head.map((title) => (title.endsWith(':n') ? '---:' : '---'));
  return [line(titles), line(rule), ...rows.map(line)].join('\n');
}
