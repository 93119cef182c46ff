// The commands of the generators that are compared.
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compile, hasProgram, warn } from './machine.mjs';

const program = (name) => fileURLToPath(new URL(`programs/${name}`, import.meta.url));
const autocannon = createRequire(import.meta.url).resolve('autocannon');
const clients = 50;

/** poolproof's engine, recording into the folder. */
export function engine({ url }, folder, traffic) {
  return [process.execPath, program('engine.mjs'), url, folder, JSON.stringify(traffic)];
}

/** Peers that are here, as many requests as they can over 50 connections. */
export function saturatedPeers({ url }, seconds) {
  const to = `${url}/ok`;
  return present({
    autocannon: [process.execPath, autocannon, '-c', `${clients}`, '-d', `${seconds}`, to],
    wrk: ['wrk', '-t', '1', '-c', `${clients}`, '-d', `${seconds}s`, to],
    hey: ['hey', '-c', `${clients}`, '-z', `${seconds}s`, to],
  });
}

/** Peers that can keep a rate, or claim to. */
export function pacedPeers({ url }, { ratePerSec, seconds }) {
  const to = `${url}/ok`;
  const each = `${ratePerSec / clients}`;
  return present({
    autocannon: [
      process.execPath,
      autocannon,
      '-c',
      `${clients}`,
      '-R',
      `${ratePerSec}`,
      '-d',
      `${seconds}`,
      to,
    ],
    hey: ['hey', '-c', `${clients}`, '-q', each, '-z', `${seconds}s`, to],
  });
}

/** What pacing costs at least: one thread that sleeps and writes. */
export function referencePacer({ port }, { ratePerSec, seconds }, folder) {
  const built = compile(program('pacer.c'), join(folder, 'pacer'));
  const given = [port, ratePerSec, seconds].map(String);
  return built === null
    ? { name: 'Atomics.wait', argv: [process.execPath, program('pacer.mjs'), ...given] }
    : { name: 'C clock_nanosleep', argv: [built, ...given] };
}

function present(commands) {
  return Object.entries(commands).flatMap(([name, argv]) => {
    if (argv[0] === process.execPath || hasProgram(argv[0])) return [{ name, argv }];
    warn(`${name} is not installed: skipped (Debian: apt-get install ${name})`);
    return [];
  });
}
