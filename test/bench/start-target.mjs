// The target in a process of its own, on a core of its own.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { compile, core, pinned, warn } from './machine.mjs';

const source = (name) => fileURLToPath(new URL(`programs/${name}`, import.meta.url));

/** Starts the target; what it compiles and stores goes into the folder. */
export async function startTarget(folder) {
  const program = compile(source('target.c'), join(folder, 'target'));
  if (program === null)
    warn('no C compiler: the target is the Node one, which may be slower than what is measured');
  const argv = program === null ? [process.execPath, source('counting-target.mjs')] : [program];
  const [command, ...given] = pinned(core.target, argv);
  const child = spawn(command, given, { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const answer = async () => {
    const { value, done } = await lines.next();
    if (done) throw new Error('the target has ended');
    return value;
  };
  const ask = (order) => {
    child.stdin.write(`${order}\n`);
    return answer();
  };
  const port = Number(await answer());
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    kind: program === null ? 'node' : 'C',
    /** Requests since the reset, warm-up requests left out. */
    count: async () => Number(await ask('count')),
    reset: () => ask('reset'),
    /** Sleeps once, so long after the first request. */
    stall: ({ afterMs, forMs }) => ask(`stall ${afterMs} ${forMs}`),
    /** When it slept: nanoseconds on the monotonic clock. */
    stalled: async () => (await ask('stalled')).split(' ').map(BigInt),
    /** When requests came in, nanoseconds on the monotonic clock; the first million of them. */
    times: async () => {
      const file = join(folder, 'times');
      await ask(`times ${file}`);
      const { buffer, byteOffset, length } = readFileSync(file);
      return new BigInt64Array(buffer.slice(byteOffset, byteOffset + length));
    },
    stop: () => child.stdin.end(),
  };
}
