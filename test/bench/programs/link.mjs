// A link as an emulator hosts it, alone in its process: node link.mjs PORT-OF-POSTGRES; says its own port.
import { makeRunClock } from '#dist/base/clock.js';
import { startLink } from '#dist/link/link.js';

const link = await startLink({
  upstream: { host: '127.0.0.1', port: Number(process.argv[2]) },
  clock: makeRunClock(),
  whose: { service: 'bench', revision: 'bench-1', instance: 'i1' },
  onEvent: () => undefined,
  onWork: () => undefined,
});
process.stdout.write(`${link.port}\n`);
