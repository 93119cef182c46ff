// The same server as target.c, for machines without a C compiler; costs several times as much.
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { createInterface } from 'node:readline';

const answer = 'HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\nok';
const times = new BigInt64Array(1 << 20);
const stalled = { fromNs: 0n, toNs: 0n };
let count = 0;
let stall = null;

const server = createServer({ noDelay: true }, (socket) => {
  let rest = '';
  socket.setEncoding('latin1');
  socket.on('error', () => undefined);
  socket.on('data', (data) => {
    const heads = (rest + data).split('\r\n\r\n');
    rest = heads.pop();
    for (const head of heads) if (!head.startsWith('GET /ping')) note();
    if (heads.length > 0) socket.write(answer.repeat(heads.length));
  });
});

function note() {
  if (count < times.length) times[count] = process.hrtime.bigint();
  if (count === 0 && stall !== null) setTimeout(block, stall.afterMs, stall.forMs);
  count += 1;
}

function block(forMs) {
  stalled.fromNs = process.hrtime.bigint();
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, forMs);
  stalled.toNs = process.hrtime.bigint();
}

const orders = {
  count: () => count,
  reset: () => {
    count = 0;
    stall = null;
    return 'reset';
  },
  stall: (afterMs, forMs) => {
    stall = { afterMs: Number(afterMs), forMs: Number(forMs) };
    return 'stall';
  },
  stalled: () => `${stalled.fromNs} ${stalled.toNs}`,
  times: (file) => {
    const kept = times.subarray(0, Math.min(count, times.length));
    writeFileSync(file, kept);
    return kept.length;
  },
};

server.listen(0, '127.0.0.1', () => console.log(server.address().port));
const lines = createInterface({ input: process.stdin });
lines.on('line', (line) => {
  const [order, ...given] = line.split(' ');
  console.log(String(orders[order](...given)));
});
lines.on('close', () => process.exit(0));
