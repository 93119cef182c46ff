import type { AnswerHeaders } from '../answer/answer.ts';
import { failureBytes, isFailure } from '../answer/read-failure.ts';
import type { Incoming } from '../transport.ts';
import { Body } from './body.ts';
import { ChunkedBody } from './chunked-body.ts';
import { framingOf, staysOpen } from './framing.ts';
import { mayBeHead, readHead } from './head.ts';
import { incomplete, TextBlock } from './text-block.ts';

/** How much of an answer has been read. After `malformed` nothing more can be read on the connection. */
export type Progress = 'more' | 'whole' | 'malformed';

const noHeaders: AnswerHeaders = {};

/** Reads one answer after the other, however they are split into reads. */
export class AnswerReader implements Incoming {
  status: number | null = null;
  headers: AnswerHeaders = noHeaders;
  /** Whether the connection may carry another request after this answer. */
  staysOpen = false;
  readonly #head = new TextBlock();
  readonly #body = new Body();
  #chunks: ChunkedBody | null = null;
  #part: 'head' | 'length' | 'chunked' | 'close' = 'head';
  #bytesLeft = 0;
  #isAnswerToHead = false;

  get bytes(): number {
    return this.#body.bytes;
  }

  get body(): Buffer | null {
    return this.#body.kept;
  }

  /** Begins the answer to another request. */
  begin(method: string, keepBytes: number): void {
    this.status = null;
    this.headers = noHeaders;
    this.staysOpen = false;
    this.#head.begin('');
    this.#body.begin(keepBytes);
    this.#part = 'head';
    this.#isAnswerToHead = method === 'HEAD';
  }

  /** Reads the first `count` bytes of the buffer, which may be reused afterwards. */
  read(buffer: Buffer, count: number): Progress {
    let at = 0;
    while (this.#part === 'head') {
      at = this.#head.take(buffer, at, count);
      if (at === incomplete) return mayBeHead(this.#head.beginning) ? 'more' : 'malformed';
      if (at < 0 || !this.#readHead()) return 'malformed';
    }
    at = this.#readBody(buffer, at, count);
    if (at < 0) return 'malformed';
    if (!this.#isOver()) return 'more';
    // Bytes after the answer belong to no request: the connection can't be trusted.
    if (at < count) this.staysOpen = false;
    return 'whole';
  }

  /** Call it when the server has closed: whether that completes the answer. */
  close(): Progress {
    return this.#part === 'close' ? 'whole' : 'malformed';
  }

  /** Interim answers (1xx) are skipped: the head of the final one follows. */
  #readHead(): boolean {
    const head = readHead(this.#head.lines);
    if (head === null || head.status === 101) return false;
    this.#head.begin('');
    if (head.status < 200) return true;
    const framing = framingOf(head, this.#isAnswerToHead);
    if (framing === null) return false;
    this.status = head.status;
    this.headers = head.headers;
    if (isFailure(head.status)) this.#body.keepAtLeast(failureBytes);
    this.staysOpen = staysOpen(head, framing);
    this.#part = framing.kind;
    if (framing.kind === 'length') this.#bytesLeft = framing.bytes;
    if (framing.kind === 'chunked') (this.#chunks ??= new ChunkedBody()).begin();
    return true;
  }

  #readBody(buffer: Buffer, from: number, to: number): number {
    if (this.#part === 'chunked') return this.#chunks?.read(buffer, from, to, this.#body) ?? -1;
    const end = this.#part === 'length' ? Math.min(to, from + this.#bytesLeft) : to;
    this.#body.take(buffer, from, end);
    this.#bytesLeft -= end - from;
    return end;
  }

  #isOver(): boolean {
    return this.#part === 'chunked'
      ? this.#chunks?.isOver === true
      : this.#part === 'length' && this.#bytesLeft === 0;
  }
}
