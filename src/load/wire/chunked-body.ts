import type { Body } from './body.ts';
import { readFields } from './fields.ts';
import { incomplete, TextBlock } from './text-block.ts';

/** What is read next. A chunk's line is its size in hexadecimal and perhaps an extension. */
type Part =
  | 'size'
  | 'extension'
  | 'end of line'
  | 'data'
  | 'end of data'
  | 'end of chunk'
  | 'trailers'
  | 'over';

/** The most characters of a chunk's line: a server might never end it. */
const longestLine = 16_384;

const [tab, lf, cr, semicolon, del] = [9, 10, 13, 59, 127];

/** Decodes a chunked body (RFC 9112, 7.1), however it is split into reads. Trailers are read and dropped. */
export class ChunkedBody {
  #part: Part = 'over';
  #size = 0;
  #lineLength = 0;
  readonly #trailers = new TextBlock();

  get isOver(): boolean {
    return this.#part === 'over';
  }

  begin(): void {
    this.#beginLine();
  }

  /** Reads from `from` up to `to`. Returns the index after the last byte of the body; -1 if it is malformed. */
  read(buffer: Buffer, from: number, to: number, body: Body): number {
    let at = from;
    while (at < to && this.#part !== 'over') {
      if (this.#part === 'data') at = this.#readData(buffer, at, to, body);
      else if (this.#part === 'trailers') at = this.#readTrailers(buffer, at, to);
      else if (this.#step(buffer[at] ?? 0)) at += 1;
      else return -1;
      if (at < 0) return -1;
    }
    return at;
  }

  #step(code: number): boolean {
    switch (this.#part) {
      case 'size':
        return this.#readSize(code);
      case 'extension':
        return this.#readExtension(code);
      case 'end of line':
        if (this.#size > 0) this.#part = 'data';
        else this.#beginTrailers();
        return code === lf;
      case 'end of data':
        this.#part = 'end of chunk';
        return code === cr;
      default:
        this.#beginLine();
        return code === lf;
    }
  }

  #beginLine(): void {
    this.#part = 'size';
    this.#size = 0;
    this.#lineLength = 0;
  }

  #readSize(code: number): boolean {
    const digit = hexDigit(code);
    if (digit < 0) return this.#lineLength > 0 && this.#leaveSize(code);
    this.#size = this.#size * 16 + digit;
    this.#lineLength += 1;
    return this.#size <= Number.MAX_SAFE_INTEGER && this.#lineLength <= longestLine;
  }

  #leaveSize(code: number): boolean {
    this.#part = code === cr ? 'end of line' : 'extension';
    return code === cr || code === semicolon;
  }

  #readExtension(code: number): boolean {
    this.#lineLength += 1;
    if (code === cr) this.#part = 'end of line';
    return code === cr || (this.#lineLength <= longestLine && (code === tab || code >= 32) && code !== del);
  }

  #readData(buffer: Buffer, from: number, to: number, body: Body): number {
    const end = Math.min(to, from + this.#size);
    body.take(buffer, from, end);
    this.#size -= end - from;
    if (this.#size === 0) this.#part = 'end of data';
    return end;
  }

  /** The CRLF of the last chunk's line starts the block, so that a body without trailers is an empty block. */
  #beginTrailers(): void {
    this.#part = 'trailers';
    this.#trailers.begin('\r\n');
  }

  #readTrailers(buffer: Buffer, from: number, to: number): number {
    const at = this.#trailers.take(buffer, from, to);
    if (at === incomplete) return to;
    if (at < 0 || readFields(this.#trailers.lines, 2) === null) return -1;
    this.#part = 'over';
    return at;
  }
}

/** The value of a hexadecimal digit; -1 for any other character. */
function hexDigit(code: number): number {
  if (code >= 48 && code <= 57) return code - 48;
  const letter = code | 32;
  return letter >= 97 && letter <= 102 ? letter - 87 : -1;
}
