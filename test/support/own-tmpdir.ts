import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach } from 'vitest';

// Every file of tests has a folder for temporary files of its own: what it finds and counts there is nobody else's, and
// nothing of it stays, unless a test failed. The name is short: sockets stand below it.
const before = process.env['TMPDIR'];
const folder = mkdtempSync(join(tmpdir(), 'ppt-'));
// A server that root starts runs under another account.
chmodSync(folder, 0o1777);
process.env['TMPDIR'] = folder;

let failed = false;
afterEach(({ task }) => {
  failed ||= task.result?.state === 'fail';
});

afterAll(() => {
  if (before === undefined) delete process.env['TMPDIR'];
  else process.env['TMPDIR'] = before;
  if (failed) console.warn(`what the failed tests wrote is kept in ${folder}`);
  else rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
});
