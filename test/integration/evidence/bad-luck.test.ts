import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa, execaSync } from 'execa';
import { expect, it } from 'vitest';
import { readEvidence } from '../../../src/evidence/read-evidence.ts';
import { freshFolder, run } from '../../evidence/given.ts';

const child = fileURLToPath(new URL('../../fixtures/evidence/record-until-killed.mjs', import.meta.url));

/** A folder to record into, and the record that its run.json starts with. */
function prepared(): { folder: string; recordFile: string } {
  const folder = freshFolder();
  const recordFile = join(freshFolder(), 'record.json');
  writeFileSync(recordFile, JSON.stringify({ ...run, ended: { how: 'running', at_us: null, reason: null } }));
  return { folder, recordFile };
}

it('a recording whose process is killed keeps every closed part and every line but the last moment', async () => {
  const { folder, recordFile } = prepared();
  const recording = execa(process.execPath, [child, folder, recordFile], { reject: false });
  const closed = (): number =>
    readdirSync(join(folder, 'attempts')).filter((name) => name.endsWith('.parquet')).length;
  await expect
    .poll(() => (readdirSync(folder).includes('run.json') ? closed() : 0), { timeout: 20_000 })
    .toBeGreaterThan(2);
  recording.kill('SIGKILL');
  const { stdout, signal } = await recording;
  expect(signal).toBe('SIGKILL');

  const read = await readEvidence(folder);
  const handedOver = Number(/attempts=(\d+) events=\d+\s*$/.exec(stdout)?.[1]);
  expect(read.attempts).toHaveLength(closed() * 10_000);
  expect(read.attempts.map(({ arrival }) => arrival)).toEqual([...read.attempts.keys()]);
  expect(handedOver - read.attempts.length).toBeLessThan(20_000);
  expect(read.events.length).toBeGreaterThan(0);
  expect(read.gaps[0]).toMatch(/cut off/);
  expect(read.gaps.filter((gap) => gap.includes("can't be read"))).toEqual([]);
});

it('a recording that may write no more stops, says why, and keeps what it has', async () => {
  const { folder, recordFile } = prepared();
  // No file may grow beyond 256 KiB: events.ndjson hits the limit, as on a full disk.
  const command = 'ulimit -f 256; exec "$@"';
  const { stdout, exitCode } = await execa('bash', [
    '-c',
    command,
    'bash',
    process.execPath,
    child,
    folder,
    recordFile,
  ]);
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/lost events\.ndjson: EFBIG/);

  const read = await readEvidence(folder);
  expect(read.attempts.length).toBeGreaterThan(0);
  expect(read.events.length).toBeGreaterThan(1000);
  expect(read.gaps).toContainEqual(
    expect.stringMatching(/could not record everything: events\.ndjson: EFBIG/),
  );
  expect(read.gaps).toContainEqual(expect.stringMatching(/ends in half a line/));
});

/** Gives a process a view of the file system of its own, in which it may mount a small disk. */
const unshare = 'unshare';
const canMount = execaSync(unshare, ['-rm', 'true'], { reject: false }).exitCode === 0;
if (!canMount)
  console.warn(`\nSKIPPED: a recording on a full disk: ${unshare} may not make a mount namespace here\n`);

it.skipIf(!canMount)(
  'a recording on a full disk can still say in run.json that it is incomplete',
  async () => {
    const { folder, recordFile } = prepared();
    const disk = freshFolder();
    const command = `mount -t tmpfs -o size=700k tmpfs "$1" && mkdir "$1/run"
    "$3" "$4" "$1/run" "$5"; cp -r "$1/run/." "$2"`;
    const { stdout } = await execa(unshare, [
      '-rm',
      'bash',
      '-c',
      command,
      'bash',
      disk,
      folder,
      process.execPath,
      child,
      recordFile,
    ]);
    expect(stdout).toMatch(/lost .*: ENOSPC/);
    const read = await readEvidence(folder);
    expect(read.attempts.length).toBeGreaterThan(0);
    expect(read.events.length).toBeGreaterThan(1000);
    expect(read.gaps).toContainEqual(expect.stringMatching(/could not record everything: .*ENOSPC/));
  },
);
