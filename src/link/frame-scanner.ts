/** Called for every complete message with its type byte and the part of its payload that is kept, valid until it returns. */
export type FrameVisitor = (type: number, payload: Buffer) => void;

/** A backend message: one type byte, then an int32 length that counts itself but not the type byte. */
const headBytes = 5;
const lengthBytes = 4;

/** The most that is kept of a payload: a FATAL with all its fields is much shorter. */
const keptBytes = 8192;

const nothing = Buffer.alloc(0);

/**
 * Finds the messages in the stream from Postgres, however it is split into chunks. It keeps the payload of the
 * requested types only, and at most 8 KiB of each: memory does not grow with the traffic.
 * Source: PostgreSQL documentation, "Frontend/Backend Protocol", message formats.
 */
export class FrameScanner {
  readonly #keep: ReadonlySet<number>;
  readonly #visit: FrameVisitor;
  readonly #head = Buffer.alloc(headBytes);
  #headFill = 0;
  #payloadLeft = 0;
  #kept: Buffer | null = null;
  #keptFill = 0;
  #broken = false;

  /** `keep`: the message types whose payload the visitor wants to read. */
  constructor(keep: ReadonlySet<number>, visit: FrameVisitor) {
    this.#keep = keep;
    this.#visit = visit;
  }

  /** The stream is not a sequence of messages: nothing more can be read from it. */
  get broken(): boolean {
    return this.#broken;
  }

  /** Reads the next chunk. The chunk is not kept. */
  push(chunk: Buffer): void {
    let at = 0;
    while (at < chunk.length && !this.#broken) {
      at += this.#payloadLeft > 0 ? this.#takePayload(chunk, at) : this.#takeMessage(chunk, at);
    }
  }

  /** Most messages come whole in one chunk, and nothing is copied for them. Returns how many bytes were read. */
  #takeMessage(chunk: Buffer, from: number): number {
    const bodyAt = from + headBytes;
    if (this.#headFill > 0 || bodyAt > chunk.length) return this.#takeHead(chunk, from);
    const length = chunk.readInt32BE(from + 1) - lengthBytes;
    if (length < 0 || bodyAt + length > chunk.length) return this.#takeHead(chunk, from);
    const type = chunk.readUInt8(from);
    const isKept = this.#keep.has(type);
    this.#visit(type, isKept ? chunk.subarray(bodyAt, bodyAt + Math.min(length, keptBytes)) : nothing);
    return headBytes + length;
  }

  #takeHead(chunk: Buffer, from: number): number {
    const taken = Math.min(headBytes - this.#headFill, chunk.length - from);
    this.#head.set(chunk.subarray(from, from + taken), this.#headFill);
    this.#headFill += taken;
    if (this.#headFill === headBytes) this.#startPayload();
    return taken;
  }

  #startPayload(): void {
    this.#headFill = 0;
    const type = this.#head.readUInt8(0);
    const length = this.#head.readInt32BE(1) - lengthBytes;
    if (length < 0) {
      this.#broken = true;
      return;
    }
    this.#payloadLeft = length;
    this.#kept = this.#keep.has(type) && length > 0 ? Buffer.alloc(Math.min(length, keptBytes)) : null;
    this.#keptFill = 0;
    if (length === 0) this.#visit(type, nothing);
  }

  #takePayload(chunk: Buffer, from: number): number {
    const taken = Math.min(this.#payloadLeft, chunk.length - from);
    if (this.#kept !== null && this.#keptFill < this.#kept.length) {
      const copied = Math.min(taken, this.#kept.length - this.#keptFill);
      this.#kept.set(chunk.subarray(from, from + copied), this.#keptFill);
      this.#keptFill += copied;
    }
    this.#payloadLeft -= taken;
    if (this.#payloadLeft === 0) this.#visit(this.#head.readUInt8(0), this.#kept ?? nothing);
    return taken;
  }
}
