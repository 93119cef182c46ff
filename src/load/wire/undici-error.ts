/** Undici's code for a body that is not as long as its content-length. */
export const wrongLength = 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH';

/** Undici's codes in the words that both transports use. */
const reasons: Readonly<Record<string, string>> = {
  UND_ERR_SOCKET: 'closed',
  UND_ERR_HEADERS_OVERFLOW: 'malformed',
  [wrongLength]: 'malformed',
};

/** Why a connection broke, by undici's error. */
export function reasonOf(error: Error): string {
  const code = codeOf(error);
  if (error.name === 'HTTPParserError') return 'malformed';
  return code === null ? error.message : (reasons[code] ?? code);
}

/** Null where it has none. */
export function codeOf(error: Error): string | null {
  return 'code' in error && typeof error.code === 'string' ? error.code : null;
}
