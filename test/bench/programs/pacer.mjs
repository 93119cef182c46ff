// The same pacer as pacer.c, for machines without a C compiler: a thread sleeps on a futex and wakes this one.
import { once } from 'node:events';
import { connect } from 'node:net';
import { Worker } from 'node:worker_threads';

const [port, ratePerSec, seconds] = process.argv.slice(2).map(Number);
const request = 'GET /ok HTTP/1.1\r\nHost: target\r\n\r\n';
const total = ratePerSec * seconds;
const cells = new Int32Array(new SharedArrayBuffer(8));

const pacing = `
  const { workerData: { cells, total, gapMs } } = require('node:worker_threads');
  const nowMs = () => Number(process.hrtime.bigint()) / 1e6;
  const startMs = nowMs() + 50;
  for (let due = 0; due < total;) {
    const leftMs = startMs + due * gapMs - nowMs();
    if (leftMs > 0) Atomics.wait(cells, 1, 0, leftMs);
    else { due += 1; Atomics.store(cells, 0, due); Atomics.notify(cells, 0); }
  }`;

const sockets = Array.from({ length: 8 }, () => connect({ port, host: '127.0.0.1', noDelay: true }).resume());
await Promise.all(sockets.map((socket) => once(socket, 'connect')));
new Worker(pacing, { eval: true, workerData: { cells, total, gapMs: 1000 / ratePerSec } });
for (let sent = 0; sent < total;) {
  await Atomics.waitAsync(cells, 0, sent).value;
  for (const due = Atomics.load(cells, 0); sent < due; sent += 1)
    sockets[sent % sockets.length].write(request);
}
setTimeout(() => process.exit(0), 50);
