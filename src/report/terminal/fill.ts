/** How a paragraph is laid out, in columns. */
export interface Measure {
  readonly width: number;
  /** In front of every line but the first. */
  readonly indent: number;
  /** In front of the first line. */
  readonly hang?: number;
  /** Lines at most; what does not fit is cut off with an ellipsis. */
  readonly most: number;
}

/** Fills lines with the words of a text. Leading blanks of the text are kept; a longer word than a line is cut. */
export function fill(text: string, { width, indent, hang = 0, most }: Measure): readonly string[] {
  const lead = ' '.repeat(Math.max(hang, text.length - text.trimStart().length));
  const lines: string[] = [];
  let line = lead;
  let isEmpty = true;
  for (const word of text.trim().split(/ +/)) {
    if (!isEmpty && columns(line) + 1 + columns(word) > width) {
      lines.push(line);
      line = ' '.repeat(indent);
      isEmpty = true;
    }
    line += isEmpty ? word : ` ${word}`;
    isEmpty = false;
  }
  lines.push(line);
  const kept = lines.slice(0, most);
  const isCut = lines.length > most;
  return kept.map((one, index) => cut(isCut && index === most - 1 ? `${one} …` : one, width));
}

/** Letters count one column each: nothing poolproof says itself is wider, and a name that is may run over. */
function columns(text: string): number {
  return Array.from(text).length;
}

function cut(line: string, width: number): string {
  const letters = Array.from(line);
  if (letters.length <= width) return line;
  const body = line.endsWith(' …') ? letters.slice(0, -2) : letters;
  return `${body
    .slice(0, width - 2)
    .join('')
    .trimEnd()} …`;
}
