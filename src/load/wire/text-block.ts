/** The most bytes of a head, or of trailers. */
export const limitBytes = 65_536;

/** How many bytes are decoded at a time: most heads are shorter, and a long body may follow in the same read. */
const stepBytes = 4096;

/** What `take` returns when there is no index. */
export const incomplete = -1;
export const tooLong = -2;

/** Collects lines up to the first empty one, however they are split into reads. */
export class TextBlock {
  #text = '';
  #end = 0;

  /** The lines, each ended by CRLF, once the block is whole. */
  get lines(): string {
    return this.#text.slice(0, this.#end);
  }

  /** What has been read so far. */
  get beginning(): string {
    return this.#text;
  }

  /** Begins another block with what has already been read of it. */
  begin(text: string): void {
    this.#text = text;
    this.#end = 0;
  }

  /**
   * Reads the bytes of `buffer` from `from` up to `to`. Returns the index of the first byte after the block,
   * `incomplete` if the block goes on, or `tooLong`.
   */
  take(buffer: Buffer, from: number, to: number): number {
    for (let at = from; at < to; at += stepBytes) {
      const before = this.#text.length;
      this.#text += buffer.toString('latin1', at, Math.min(to, at + stepBytes));
      const found = this.#text.indexOf('\r\n\r\n', Math.max(0, before - 3));
      this.#end = found + 2;
      if (found >= 0) return this.#end > limitBytes ? tooLong : at + found + 4 - before;
      // The empty line could begin with the last three bytes at the earliest.
      if (this.#text.length > limitBytes + 1) return tooLong;
    }
    return incomplete;
  }
}
