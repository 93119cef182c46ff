import { expect, it } from 'vitest';
import { makeRunClock } from '../../../src/base/clock.ts';
import { InputError } from '../../../src/base/errors.ts';
import { makeTransport } from '../../../src/load/wire/make-transport.ts';

const setting = { clock: makeRunClock(), connections: 'keep_alive' } as const;

it.each(['ftp://127.0.0.1', 'localhost:80', 'http://', '', 'unix:/tmp/socket'])(
  'refuses the address %j',
  async (address) => {
    await expect(makeTransport(address, setting)).rejects.toThrow(InputError);
  },
);

it.each(['http://127.0.0.1:1', 'https://example.com', 'http://[::1]:8080'])(
  'opens nothing yet for %j',
  async (address) => {
    const connection = (await makeTransport(address, setting)).connect();
    expect(connection.isUsable(0)).toBe(true);
    expect(connection.incoming.status).toBeNull();
    connection.destroy();
    expect(connection.isUsable(0)).toBe(false);
  },
);
