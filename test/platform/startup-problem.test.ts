import { expect, test } from 'vitest';
import { startupProblem } from '../../src/platform/local/startup-problem.ts';
import type { Program } from '../../src/platform/local/emulator-orders.ts';

const program: Program = {
  command: ['node', 'server.mjs'],
  cwd: '/srv',
  env: {},
  startupDelayMs: 0,
  startupProbe: {
    kind: 'tcp',
    initialDelayMs: 0,
    periodMs: 240_000,
    timeoutMs: 240_000,
    failureThreshold: 1,
  },
};
const exit = { code: null, signal: null, error: null, output: [] };
const port = 21000;

test.each([
  [{ cause: 'not_started', exit: { ...exit, error: 'ENOENT' } }, 'command not found: node', '/srv'],
  [{ cause: 'not_started', exit: { ...exit, error: 'EACCES' } }, 'not allowed to run: node', 'executable'],
  [
    { cause: 'exited', exit: { ...exit, code: 1, output: ['boom'] } },
    '"node server.mjs" exited with code 1 before it listened on its port',
    'boom',
  ],
  [
    { cause: 'exited', exit: { ...exit, signal: 'SIGSEGV' } },
    '"node server.mjs" was ended by SIGSEGV before it listened on its port',
    'printed nothing',
  ],
  [
    { cause: 'exited', exit: { ...exit, code: 1, output: ['Error: listen EADDRINUSE :::8080'] } },
    '"node server.mjs" could not listen: the port is in use',
    '$PORT',
  ],
  [
    { cause: 'never_listened', exit },
    '"node server.mjs" did not pass its startup probe (tcp, 240 s) in time',
    '$PORT (here 21000)',
  ],
] as const)('%o is told as: %s', (end, message, hint) => {
  const problem = startupProblem(program, { ...end, port });
  expect(problem.message).toBe(message);
  expect(problem.hint).toContain(hint);
});
