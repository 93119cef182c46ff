/** Messages of the Postgres protocol, built by hand from its documentation. */

export function frame(type: string, payload: Uint8Array = Buffer.alloc(0)): Buffer {
  const head = Buffer.alloc(5);
  head.write(type, 0, 'latin1');
  head.writeInt32BE(payload.length + 4, 1);
  return Buffer.concat([head, payload]);
}

export function startupMessage(parameters: Readonly<Record<string, string>>, minor = 0): Buffer {
  const words = Object.entries(parameters).flat();
  return opening((3 << 16) + minor, Buffer.from(words.map((word) => `${word}\0`).join('') + '\0'));
}

export const sslRequest = (): Buffer => opening(80877103);
export const gssRequest = (): Buffer => opening(80877104);
export const cancelRequest = (): Buffer => opening(80877102, Buffer.alloc(8, 7));

export const authenticationOk = (): Buffer => frame('R', Buffer.alloc(4));
/** `I`: outside of a transaction block, `T`: in one, `E`: in one that has failed. */
export const readyForQuery = (status: 'I' | 'T' | 'E' = 'I'): Buffer => frame('Z', Buffer.from(status));

export function errorResponse(sqlstate: string, message: string): Buffer {
  return frame('E', Buffer.from(`SFATAL\0VFATAL\0C${sqlstate}\0M${message}\0Fpostmaster.c\0\0`));
}

/** Cuts the bytes at the given places, whatever those are. */
export function cut(bytes: Buffer, places: readonly number[]): readonly Buffer[] {
  const sorted = [...new Set(places.map((place) => place % (bytes.length + 1)))].sort((a, b) => a - b);
  return [0, ...sorted].map((from, index) => bytes.subarray(from, sorted[index] ?? bytes.length));
}

function opening(code: number, rest: Buffer = Buffer.alloc(0)): Buffer {
  const head = Buffer.alloc(8);
  head.writeInt32BE(rest.length + 8, 0);
  head.writeInt32BE(code, 4);
  return Buffer.concat([head, rest]);
}
