import { expect, test } from 'vitest';
import { defaultStartupProbe } from '../../../src/contract/cloud-run/probe.ts';
import type { InstanceEnd } from '../../../src/platform/local/instance/instance-end.ts';
import { startupProblem } from '../../../src/platform/local/instance/startup-problem.ts';

const exit = { code: null, signal: null, error: null, output: [] };
const usual: InstanceEnd = {
  cause: 'exited',
  container: 'app',
  program: 'node server.mjs',
  port: 21000,
  startupProbe: defaultStartupProbe,
  fixedPorts: [],
  exit,
  problem: null,
};

const cases: readonly (readonly [Partial<InstanceEnd>, string, string])[] = [
  [{ cause: 'not_started', exit: { ...exit, error: 'ENOENT' } }, 'command not found: node', '/srv'],
  [{ cause: 'not_started', exit: { ...exit, error: 'EACCES' } }, 'not allowed to run: node', 'executable'],
  [
    { exit: { ...exit, code: 1, output: ['boom'] } },
    '"node server.mjs" exited with code 1 before it listened on its port',
    'boom',
  ],
  [
    { exit: { ...exit, signal: 'SIGSEGV' } },
    '"node server.mjs" was ended by SIGSEGV before it listened on its port',
    'printed nothing',
  ],
  [
    { exit: { ...exit, code: 1, output: ['Error: listen EADDRINUSE :::8080'] } },
    '"node server.mjs" could not listen: the port is in use',
    '$PORT',
  ],
  [
    { cause: 'never_listened', fixedPorts: [9090] },
    '"node server.mjs" did not pass its startup probe (tcp, 240 s) in time',
    '$PORT (here 21000); it listens on 9090',
  ],
  [
    { cause: 'fixed_port', container: 'pool', fixedPorts: [6432] },
    'container pool listens on port 6432 whatever $PORT says; with more than one instance each needs its own',
    'a sidecar: on ${port:pool}), or run it as a container (image:)',
  ],
  [{ cause: 'not_started', problem: { message: 'no way', hint: 'there is one' } }, 'no way', 'there is one'],
];

test.each(cases)('%o is told as: %s', (end, message, hint) => {
  const problem = startupProblem({ name: 'api', cwd: '/srv' }, { ...usual, ...end });
  expect(problem.message).toBe(message);
  expect(problem.hint).toContain(hint);
});
