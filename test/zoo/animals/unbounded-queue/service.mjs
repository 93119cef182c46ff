// A limiter lets two requests at a time come to the database, which is hardly busy. Its queue has no end, so the service
// is never too busy to take one more: the callers' own deadline is the only way out.
import { acquire } from '../../node/database.mjs';
import { dbError, Refusal } from '../../node/refusal.mjs';
import { serve } from '../../node/serve.mjs';

const atOnce = 2;
const deadlineMs = 9900;
const queue = [];
let running = 0;

function next() {
  while (running < atOnce && queue.length > 0) {
    const task = queue.shift();
    if (task.isOver()) continue;
    running += 1;
    void task.run().finally(() => {
      running -= 1;
      next();
    });
  }
}

function lend(pool, timing, work) {
  return new Promise((resolve, reject) => {
    let isOver = false;
    const timer = setTimeout(() => {
      isOver = true;
      reject(new Refusal(504, 'deadline'));
    }, deadlineMs);
    const run = () =>
      withSession(pool, timing, work)
        .then(resolve, reject)
        .finally(() => clearTimeout(timer));
    queue.push({ run, isOver: () => isOver });
    next();
  });
}

async function withSession(pool, timing, work) {
  const session = await acquire(pool, timing);
  try {
    return await work(session);
  } catch (error) {
    throw dbError(error);
  } finally {
    session.release();
  }
}

serve({ lend });
