const nothing = Buffer.alloc(0);

/** Counts the bytes of a body and keeps the first few. */
export class Body {
  bytes = 0;
  #keepBytes = 0;
  #kept = nothing;

  /** Begins another body, of which up to `keepBytes` are kept. */
  begin(keepBytes: number): void {
    this.bytes = 0;
    this.#keepBytes = keepBytes;
    this.#kept = nothing;
  }

  /** Keeps at least this much of the body: called once its head has been read. */
  keepAtLeast(keepBytes: number): void {
    this.#keepBytes = Math.max(this.#keepBytes, keepBytes);
  }

  /** What has been kept so far; null where nothing is to be kept. Later bytes never change it. */
  get kept(): Buffer | null {
    if (this.#keepBytes === 0) return null;
    return this.#kept.subarray(0, Math.min(this.bytes, this.#keepBytes));
  }

  /** Takes in the bytes of `buffer` from `from` up to `to`. The buffer may be reused afterwards. */
  take(buffer: Buffer, from: number, to: number): void {
    if (this.bytes < this.#keepBytes) this.#keep(buffer, from, to);
    this.bytes += to - from;
  }

  #keep(buffer: Buffer, from: number, to: number): void {
    const needed = Math.min(this.bytes + to - from, this.#keepBytes);
    if (needed > this.#kept.length) {
      // A body in one piece gets exactly its size; one in many pieces is copied a logarithmic number of times.
      const grown = Buffer.allocUnsafe(Math.max(needed, Math.min(2 * this.#kept.length, this.#keepBytes)));
      this.#kept.copy(grown);
      this.#kept = grown;
    }
    buffer.copy(this.#kept, this.bytes, from, to);
  }
}
