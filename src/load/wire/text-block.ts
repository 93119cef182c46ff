/** The head of an answer, or its trailers, may be so long. */
export const limitBytes = 65_536;

/** Most heads are shorter; of a read that also brings a long body no more than this is made into text at once. */
const stepBytes = 4096;

/** What `take` returns in place of an index. */
export const incomplete = -1;
export const tooLong = -2;

/** Gathers lines up to and including the first empty one, however they are cut into reads. */
export class TextBlock {
  /** What was read so far, perhaps with some bytes that come after the block. */
  text = '';
  /** Where the empty line begins in the text; each line before it ends with CRLF. */
  end = 0;

  /** Begins another block, with what has already been read of it. */
  begin(text: string): void {
    this.text = text;
    this.end = 0;
  }

  /**
   * Reads the bytes of `buffer` from `from` up to `to`. Returns the index of the first byte after the block,
   * `incomplete` where all belong to it and more must come, or `tooLong`.
   */
  take(buffer: Buffer, from: number, to: number): number {
    for (let at = from; at < to; at += stepBytes) {
      const before = this.text.length;
      this.text += buffer.toString('latin1', at, Math.min(to, at + stepBytes));
      const found = this.text.indexOf('\r\n\r\n', Math.max(0, before - 3));
      if (found > limitBytes) return tooLong;
      if (found >= 0) {
        this.end = found + 2;
        return at + found + 4 - before;
      }
      if (this.text.length > limitBytes + 3) return tooLong;
    }
    return incomplete;
  }
}
