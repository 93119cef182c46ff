import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { pauseProgram, tarOf } from '../../../src/platform/local/docker/pause-program.ts';

const here = { x64: 'x86_64', arm64: 'aarch64' }[process.arch as string] ?? 'unknown';
let folder = '';

beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'poolproof-pause-'))));
afterEach(() => rmSync(folder, { recursive: true }));

test.runIf(process.platform === 'linux' && pauseProgram(here) !== null)(
  'unpacked from its archive, the program runs, waits, and ends by a signal',
  async () => {
    writeFileSync(join(folder, 'pause.tar'), tarOf('pause', pauseProgram(here)!));
    execFileSync('tar', ['xf', 'pause.tar'], { cwd: folder });
    expect(statSync(join(folder, 'pause')).mode & 0o777).toBe(0o755);
    const child = spawn(join(folder, 'pause'), { stdio: 'ignore' });
    await once(child, 'spawn');
    await delay(100);
    expect(child.exitCode).toBeNull();
    expect(child.signalCode).toBeNull();
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([null, 'SIGTERM']);
  },
);

test('an architecture for which it is not written has none', () => {
  expect(pauseProgram('s390x')).toBeNull();
});
