import { InputError } from '../../base/errors.ts';
import type { Transport } from '../transport.ts';
import { httpTransport } from './http-connection.ts';
import type { TransportSetting } from '../transport.ts';

/**
 * What requests to this address go through: sockets of our own for plain HTTP, undici where there is TLS. Of
 * the address only scheme, host and port count. Throws `InputError` for any other kind of address.
 */
export async function makeTransport(address: string, setting: TransportSetting): Promise<Transport> {
  const url = URL.canParse(address) ? new URL(address) : null;
  if (url?.protocol === 'http:') return httpTransport(url, setting);
  if (url?.protocol !== 'https:')
    throw new InputError([{ message: `${JSON.stringify(address)} is no http or https address` }]);
  const { undiciTransport } = await import('./undici-connection.ts');
  return undiciTransport(url, setting);
}
