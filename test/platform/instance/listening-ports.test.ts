import { expect, test } from 'vitest';
import { parseListeners } from '../../../src/platform/local/instance/ports/listening-ports.ts';

const head =
  '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode';
const rest = '00000000:00000000 00:00000000 00000000     0        0';

test('reads listeners of both tables and leaves connections out', () => {
  const table = [
    head,
    `   0: 00000000:1F90 00000000:0000 0A ${rest} 111 1 0 100 0 0 10 0`,
    `   1: 0100007F:9C40 00000000:0000 0A ${rest} 222 1 0 100 0 0 10 0`,
    `   2: 0100007F:1F90 0100007F:9C41 01 ${rest} 333 1 0 100 0 0 10 0`,
    '',
  ].join('\n');
  expect(parseListeners(table)).toEqual([
    { port: 8080, inode: '111', isLoopback: false },
    { port: 40_000, inode: '222', isLoopback: true },
  ]);
  const loopbacks = ['00000000000000000000000001000000', '0000000000000000FFFF00000100007F'].map(
    (address) => `   0: ${address}:1F90 ${'0'.repeat(32)}:0000 0A ${rest} 444 1 0 100 0 0 10 0`,
  );
  expect(parseListeners(loopbacks.join('\n')).map(({ isLoopback }) => isLoopback)).toEqual([true, true]);
  const any = `   0: ${'0'.repeat(32)}:1F90 ${'0'.repeat(32)}:0000 0A ${rest} 555 1 0 100 0 0 10 0`;
  expect(parseListeners(any)).toEqual([{ port: 8080, inode: '555', isLoopback: false }]);
});
