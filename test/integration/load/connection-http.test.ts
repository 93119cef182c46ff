import { makeTransport } from '../../../src/load/wire/make-transport.ts';
import { undiciTransport } from '../../../src/load/wire/undici-connection.ts';
import { describeConnection } from '../../cases/connection-cases.ts';

describeConnection('connection: plain HTTP', {
  certificate: () => null,
  make: makeTransport,
  isUndici: false,
});

// The adapter of the https addresses, without TLS in between.
describeConnection('connection: undici', {
  certificate: () => null,
  make: (address, setting) => undiciTransport(new URL(address), setting),
  isUndici: true,
});
