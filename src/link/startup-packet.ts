/** A client's first packet, before any typed message. Codes: PostgreSQL documentation, "Message Formats". */
export type Opening =
  | { readonly kind: 'startup'; readonly role: string | null; readonly applicationName: string | null }
  /** Asks for encryption; the server answers with a single byte, and the client goes on from there. */
  | { readonly kind: 'encryption_request' }
  /** Asks to cancel a query of another session: never becomes a session itself. */
  | { readonly kind: 'cancel' }
  /** Unreadable: TLS from the first byte, or not a Postgres client at all. */
  | { readonly kind: 'opaque' };

const cancelCode = 80877102;
const sslCode = 80877103;
const gssCode = 80877104;
const protocolMajor = 3;

/** First byte of a TLS handshake record: what `sslnegotiation=direct` sends. */
const tlsHandshake = 0x16;

/** Postgres itself refuses longer ones (MAX_STARTUP_PACKET_LENGTH). */
const maxPacketBytes = 10_000;

/** Length and code. */
const headBytes = 8;

/**
 * Reads the client's first packets, which have a length but no type byte. After an encryption request that was
 * declined, the same reader reads the next packet.
 */
export class StartupReader {
  #held: Buffer = Buffer.alloc(0);

  /** The opening, once it is complete. Bytes after an encryption request are kept for the next call. */
  push(chunk: Uint8Array): Opening | null {
    this.#held = this.#held.length === 0 ? Buffer.from(chunk) : Buffer.concat([this.#held, chunk]);
    return this.next();
  }

  /** The next opening among the bytes that have already come. */
  next(): Opening | null {
    if (this.#held.length === 0) return null;
    if (this.#held.readUInt8(0) === tlsHandshake) return { kind: 'opaque' };
    if (this.#held.length < headBytes) return null;
    const length = this.#held.readInt32BE(0);
    if (length < headBytes || length > maxPacketBytes) return { kind: 'opaque' };
    if (this.#held.length < length) return null;
    const packet = this.#held.subarray(0, length);
    this.#held = this.#held.subarray(length);
    return readPacket(packet);
  }
}

function readPacket(packet: Buffer): Opening {
  const code = packet.readInt32BE(4);
  if (code === cancelCode) return { kind: 'cancel' };
  if (code === sslCode || code === gssCode) return { kind: 'encryption_request' };
  if (code >>> 16 !== protocolMajor) return { kind: 'opaque' };
  const parameters = readParameters(packet.subarray(headBytes));
  return {
    kind: 'startup',
    role: parameters.get('user') ?? null,
    applicationName: parameters.get('application_name') ?? null,
  };
}

/** Pairs of null-terminated strings, ended by an empty name. */
function readParameters(bytes: Buffer): ReadonlyMap<string, string> {
  const words = bytes.toString('utf8').split('\0');
  const parameters = new Map<string, string>();
  for (let index = 0; index + 1 < words.length; index += 2) {
    const name = words[index];
    if (name === undefined || name === '') break;
    parameters.set(name, words[index + 1] ?? '');
  }
  return parameters;
}
