import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { cliFile, freshFolder, runCli } from '../../support/cli.ts';
import { smallScenario } from '../../support/small-scenario.ts';
import { unpackRun } from '../../support/stored-run.ts';

/** What bash says of a run on a machine that lacks something; `$RUN` is the run. */
function runIn(line: string, out: string): Promise<{ readonly code: number; readonly stderr: string }> {
  const run = `'${process.execPath}' '${cliFile}' run '${scenario}' --out '${out}' --progress none`;
  return new Promise((end) =>
    execFile('bash', ['-c', line.replace('$RUN', run)], (error, _stdout, stderr) =>
      end({ code: error === null ? 0 : Number(error.code), stderr }),
    ),
  );
}

let scenario = '';
beforeAll(async () => void (scenario = await smallScenario('2s')));

const asRoot = process.getuid?.() === 0 && existsSync('/usr/bin/unshare');

it.each([
  ['no folder for temporary files', 'TMPDIR=/nowhere $RUN', /\/nowhere.*\n +hint: TMPDIR/, true],
  ['few open files', 'ulimit -n 64; $RUN', /\n +hint: .*ulimit -n/, true],
  [
    'a working folder that was removed',
    'd=$(mktemp -d); cd "$d"; rmdir "$d"; $RUN',
    /working folder was removed\n +hint: cd/,
    true,
  ],
  ['no loopback', 'unshare -n $RUN', /127\.0\.0\.1.*\n +hint: .*ip link set lo up/, asRoot],
  [
    'few ports',
    `unshare -n bash -c 'ip link set lo up; echo "40000 40014" > /proc/sys/net/ipv4/ip_local_port_range; exec "$@"' - $RUN`,
    /15 ports.*\n +hint: sysctl/,
    asRoot && existsSync('/usr/sbin/ip'),
  ],
  [
    'a read-only folder',
    'unshare -m bash -c \'mount -t tmpfs -o ro none "$0"; exec "$@"\' $OUT $RUN',
    /read-only.*\n +hint: --out/,
    asRoot,
  ],
  [
    'a full disk',
    'unshare -m bash -c \'mount -t tmpfs -o size=16k none "$0"; exec "$@"\' $OUT $RUN',
    /no space left.*\n +hint: --out/,
    asRoot,
  ],
] as const)('%s: one problem, a way out, exit 2', async (_what, line, words, isPossible) => {
  if (!isPossible) return;
  const out = join(await freshFolder(), 'out');
  mkdirSync(out);
  const { code, stderr } = await runIn(line.replace('$OUT', `'${out}'`), out);
  expect(stderr).toMatch(words);
  expect(stderr).not.toMatch(/defect|\n\s+at /);
  expect(stderr.match(/^error: /gm)).toHaveLength(1);
  expect(code).toBe(2);
  expect(readdirSync(out)).toEqual([]);
});

it('two runs of one name in one second have a folder each', async () => {
  const out = join(await freshFolder(), 'out');
  const ends = await Promise.all([runIn('$RUN', out), runIn('$RUN', out), runIn('$RUN', out)]);
  expect(ends.map(({ code }) => code)).toEqual([3, 3, 3]);
  expect(readdirSync(out)).toHaveLength(3);
});

it('a verdict that could not be written is still printed, and exits as it would', async () => {
  const folder = unpackRun('burst-unbudgeted');
  rmSync(join(folder, 'report.html'), { force: true });
  // What stands in the way of a file stands for a full disk.
  mkdirSync(join(folder, 'report.html', 'taken'), { recursive: true });
  const end = await runCli(['judge', folder]);
  expect(end.stderr).toMatch(/^error: can't write .*report\.html.*\n +hint: make room/);
  expect(end.stdout).toMatch(/^FAIL /);
  expect(end.exitCode).toBe(1);
});
