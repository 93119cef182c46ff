// Connects 50 times a second, does one query, holds the session for 5 to 40 ms and leaves. Ends with its parent.
import pg from 'pg';
import { setTimeout as delay } from 'node:timers/promises';

const perSec = 50;
const login = JSON.parse(process.env['LOGIN']);
process.on('disconnect', () => process.exit());

let done = 0;
/** How many failed, by what they failed of. */
const failed = {};
setInterval(() => process.send({ done, failed }), 1000).unref();

async function visit(number) {
  const client = new pg.Client({ ...login, ssl: false, application_name: `instance-${number % 8}` });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query('select 1');
    await delay(5 + ((number * 7) % 36));
    await client.end();
    done += 1;
  } catch (error) {
    const why = error.code ?? error.message;
    failed[why] = (failed[why] ?? 0) + 1;
  }
}

const startMs = performance.now();
for (let number = 0; ; number += 1) {
  await delay(Math.max(0, startMs + (1000 * number) / perSec - performance.now()));
  void visit(number);
}
