import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

/** A certificate and its private key, as files. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

const ellipticKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];

/** An authority that signs itself, made by openssl. */
export function makeAuthority(folder: string, name: string): Certificate {
  const made = filesOf(folder, name);
  const subject = ['-subj', `/CN=${name}`, '-days', '2'];
  openssl('req', '-x509', ...ellipticKey, ...subject, '-keyout', made.key, '-out', made.cert);
  return made;
}

/** A certificate for the common name given, signed by the authority. */
export function makeCertificate(folder: string, name: string, authority: Certificate): Certificate {
  const made = filesOf(folder, name);
  const request = join(folder, `${name}.csr`);
  openssl('req', ...ellipticKey, '-subj', `/CN=${name}`, '-keyout', made.key, '-out', request);
  const signer = ['-CA', authority.cert, '-CAkey', authority.key, '-set_serial', '1', '-days', '2'];
  openssl('x509', '-req', '-in', request, ...signer, '-out', made.cert);
  return made;
}

function filesOf(folder: string, name: string): Certificate {
  return { cert: join(folder, `${name}.crt`), key: join(folder, `${name}.key`) };
}

function openssl(...args: readonly string[]): void {
  execFileSync('openssl', args, { stdio: 'pipe' });
}
