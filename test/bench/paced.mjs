// Requests at an even pace, whatever happened to the ones before; the time each took.
import { Pool } from 'undici';

/** Milliseconds from send to the last byte, sorted. */
export async function pacedMs(url, { ratePerSec, seconds }) {
  const pool = new Pool(url, { connections: 50, pipelining: 1 });
  const tookMs = [];
  const open = [];
  const startMs = performance.now();
  for (let sent = 0; sent < ratePerSec * seconds; sent += 1) {
    const dueMs = startMs + (sent * 1000) / ratePerSec;
    const leftMs = dueMs - performance.now();
    if (leftMs > 0) await new Promise((due) => setTimeout(due, leftMs));
    open.push(timed(pool, tookMs));
  }
  await Promise.all(open);
  await pool.close();
  return tookMs.sort((a, b) => a - b);
}

async function timed(pool, tookMs) {
  const sentMs = performance.now();
  const { body } = await pool.request({ path: '/', method: 'GET' });
  await body.dump();
  tookMs.push(performance.now() - sentMs);
}
