import { createHash, createHmac, pbkdf2, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import { hide } from '../base/secrets/secrets.ts';

const iterations = 4096;

/**
 * What PostgreSQL stores of a password (RFC 5803). With it a role can be given a password that appears in no statement,
 * log or journal. For passwords of printable ASCII, which SASLprep does not change.
 */
export async function scramVerifier(password: string, salt: Buffer = randomBytes(16)): Promise<string> {
  const salted = await promisify(pbkdf2)(password, salt, iterations, 32, 'sha256');
  const clientKey = createHmac('sha256', salted).update('Client Key').digest();
  const storedKey = createHash('sha256').update(clientKey).digest('base64');
  const serverKey = createHmac('sha256', salted).update('Server Key').digest('base64');
  return `SCRAM-SHA-256$${iterations}:${salt.toString('base64')}$${storedKey}:${serverKey}`;
}

/** A password that nobody has to type. */
export function newPassword(): string {
  const password = randomBytes(24).toString('base64url');
  hide([password]);
  return password;
}
