/** Why Postgres refused. */
export interface ServerError {
  readonly sqlstate: string | null;
  readonly message: string;
}

/**
 * Reads the payload of an ErrorResponse: fields of one type byte and a null-terminated string, ended by a null
 * byte. `C` is the SQLSTATE, `M` the message. Of a truncated payload the complete fields are read.
 */
export function readErrorResponse(payload: Buffer): ServerError {
  const fields = new Map<string, string>();
  let at = 0;
  while (at < payload.length && payload[at] !== 0) {
    const end = payload.indexOf(0, at + 1);
    if (end < 0) break;
    fields.set(String.fromCharCode(payload.readUInt8(at)), payload.toString('utf8', at + 1, end));
    at = end + 1;
  }
  return { sqlstate: fields.get('C') ?? null, message: fields.get('M') ?? '' };
}
