import { InputError } from '../../base/errors.ts';
import type { Transport } from '../transport.ts';
import { httpTransport } from './http-connection.ts';
import type { TransportSetting } from '../transport.ts';

/**
 * The transport for an address: our own sockets for plain HTTP, undici for TLS. Only scheme, host and port of the
 * address count. Throws `InputError` for any other kind of address.
 */
export async function makeTransport(address: string, setting: TransportSetting): Promise<Transport> {
  const url = URL.canParse(address) ? new URL(address) : null;
  if (url?.protocol === 'http:') return httpTransport(url, setting);
  if (url?.protocol !== 'https:')
    throw new InputError([{ message: `${JSON.stringify(address)} is not an http or https address` }]);
  const { undiciTransport } = await import('./undici-connection.ts');
  return undiciTransport(url, setting);
}
