import { readErrorResponse, type ServerError } from './error-response.ts';
import { FrameScanner } from './frame-scanner.ts';
import { StartupReader, type Opening } from './startup-packet.ts';

/** What a connection turns out to be. Each step comes once at most. */
export type ConversationStep =
  | Exclude<Opening, { readonly kind: 'encryption_request' }>
  | { readonly kind: 'session' }
  | ({ readonly kind: 'refused' } & ServerError);

const byte = (letter: string): number => letter.charCodeAt(0);
const errorResponse = byte('E');
const readyForQuery = byte('Z');
const declined = byte('N');
const idle = byte('I');

/**
 * Follows both directions of a connection until it is a session, refused, or unreadable. Postgres sends
 * AuthenticationOk before it checks for a free slot and for the database, so only the first ReadyForQuery makes a
 * session.
 *
 * In a session, every later ReadyForQuery outside a transaction block ends a transaction: an explicit one that was
 * committed or rolled back, or a single statement. `pg_stat_database` counts the same as xact_commit and
 * xact_rollback, but seconds late and for all services together.
 */
export class Conversation {
  readonly #say: (step: ConversationStep) => void;
  readonly #onTransaction: () => void;
  readonly #startup = new StartupReader();
  readonly #scanner: FrameScanner;
  #phase: 'opening' | 'answer' | 'starting' | 'session' | 'over' = 'opening';

  constructor(say: (step: ConversationStep) => void, onTransaction: () => void) {
    this.#say = say;
    this.#onTransaction = onTransaction;
    const read = new Set([errorResponse, readyForQuery]);
    this.#scanner = new FrameScanner(read, (type, payload) => this.#frame(type, payload));
  }

  fromClient(chunk: Buffer): void {
    if (this.#phase === 'opening') this.#opened(this.#startup.push(chunk));
    else if (this.#phase === 'answer') this.#startup.push(chunk);
  }

  fromServer(chunk: Buffer): void {
    if (this.#phase === 'over' || chunk.length === 0) return;
    const rest = this.#phase === 'answer' ? this.#answered(chunk) : chunk;
    if (rest.length > 0) this.#scanner.push(rest);
  }

  #opened(opening: Opening | null): void {
    if (opening === null) return;
    if (opening.kind === 'encryption_request') {
      this.#phase = 'answer';
      return;
    }
    this.#phase = opening.kind === 'startup' ? 'starting' : 'over';
    this.#say(opening);
  }

  /** The answer is one byte: `N` declines, `S` or `G` accepts, `E` begins an ErrorResponse. Returns the rest to scan. */
  #answered(chunk: Buffer): Buffer {
    if (chunk[0] === errorResponse) {
      this.#phase = 'starting';
      return chunk;
    }
    if (chunk[0] !== declined) {
      this.#phase = 'over';
      this.#say({ kind: 'opaque' });
      return chunk.subarray(chunk.length);
    }
    this.#phase = 'opening';
    this.#opened(this.#startup.next());
    return chunk.subarray(1);
  }

  #frame(type: number, payload: Buffer): void {
    if (this.#phase === 'over') return;
    if (this.#phase === 'session') {
      if (type === readyForQuery && payload[0] === idle) this.#onTransaction();
    } else if (type === readyForQuery) {
      this.#phase = 'session';
      this.#say({ kind: 'session' });
    } else if (type === errorResponse) {
      this.#phase = 'over';
      this.#say({ kind: 'refused', ...readErrorResponse(payload) });
    }
  }
}
