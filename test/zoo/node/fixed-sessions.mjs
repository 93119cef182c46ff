// A fixed set of sessions instead of a pool: all are opened at the start, and one that ends is opened anew.
import pg from 'pg';
import { connection } from './database.mjs';
import { dbError, Refusal } from './refusal.mjs';
import { settings } from './settings.mjs';

/** @param reopenAfterMs how long to wait before a session that ended, or could not be opened, is tried again */
export function openSessions(reopenAfterMs) {
  const free = [];
  const waiting = [];

  function give(client) {
    const next = waiting.shift();
    if (next === undefined) free.push(client);
    else next(client);
  }

  async function open() {
    const client = new pg.Client(connection);
    client.on('error', () => {});
    client.once('end', () => {
      const at = free.indexOf(client);
      if (at >= 0) free.splice(at, 1);
      setTimeout(open, reopenAfterMs());
    });
    await client.connect().then(
      () => give(client),
      () => {},
    );
  }

  function take(timing) {
    if (waiting.length >= settings.poolMax) throw new Refusal(503, 'shed');
    const askedAt = performance.now();
    return new Promise((resolve, reject) => {
      const got = (client) => {
        clearTimeout(timer);
        timing.acquireMs = performance.now() - askedAt;
        resolve(client);
      };
      const timer = setTimeout(() => {
        waiting.splice(waiting.indexOf(got), 1);
        reject(new Refusal(503, 'pool_timeout'));
      }, settings.acquireTimeoutMs);
      const client = free.pop();
      if (client === undefined) waiting.push(got);
      else got(client);
    });
  }

  for (let slot = 0; slot < settings.poolMax; slot += 1) void open();

  return async (_, timing, work) => {
    const client = await take(timing);
    let isOpen = true;
    client.once('end', () => (isOpen = false));
    try {
      return await work(client);
    } catch (error) {
      // Without a code it was no answer of the server: the session is gone, and its end only not seen yet.
      isOpen &&= error.code !== undefined;
      throw dbError(error);
    } finally {
      if (isOpen) give(client);
    }
  };
}
