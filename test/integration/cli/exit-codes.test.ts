import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { RunRecord } from '../../../src/evidence/run-record.ts';
import { cliFile, freshFolder, onlyRunFolder, runCli } from '../../support/cli.ts';
import { smallScenario } from '../../support/small-scenario.ts';
import { storedRunNames, unpackRun } from '../../support/stored-run.ts';

/** The exit code of the first program of a pipe. */
function firstOf(pipe: string): Promise<number> {
  const line = `${pipe}; exit \${PIPESTATUS[0]}`;
  return new Promise((end) =>
    execFile('bash', ['-c', line], (error) => end(error === null ? 0 : Number(error.code))),
  );
}

const poolproof = `'${process.execPath}' '${cliFile}'`;

describe('a reader that goes away', () => {
  it.each(['| true', '>&- 2>&-'])('a FAIL exits 1: judge %s', async (rest) => {
    expect(storedRunNames).toContain('burst-unbudgeted');
    expect(await firstOf(`${poolproof} judge '${unpackRun('burst-unbudgeted')}' ${rest}`)).toBe(1);
  });

  it.each(['2>&1 | head -1', '2>&1 >/dev/null | true'])('a refusal exits 2: validate %s', async (rest) => {
    const file = join(await freshFolder(), 'bad.yaml');
    writeFileSync(file, 'version: 1\nnonsense: true\n');
    expect(await firstOf(`${poolproof} validate '${file}' ${rest}`)).toBe(2);
  });

  it('a success exits 0: schema, plan, help', async () => {
    expect(await firstOf(`${poolproof} schema | true`)).toBe(0);
    expect(await firstOf(`${poolproof} plan --json scenarios/burst.yaml | true`)).toBe(0);
    expect(await firstOf(`${poolproof} --help | true`)).toBe(0);
  });

  it('words that can not be written take nothing from a FAIL, and are no success', async () => {
    expect(await firstOf(`${poolproof} judge '${unpackRun('burst-unbudgeted')}' >/dev/full`)).toBe(1);
    expect(await firstOf(`${poolproof} schema >/dev/full`)).toBe(2);
  });
});

describe('an error outside any await', () => {
  const preload = `--import ${resolve('test/fixtures/cli/fail-later.mjs')}`;

  it.each([
    ['throw', /thrown by the test/],
    ['reject', /rejected by the test/],
    ['stderr', /stream broken by the test/],
    ['thread', /thread ended with code 1/],
  ])('%s: exit 70, one line, the run is marked and undone', async (how, words) => {
    const out = await freshFolder();
    const end = await runCli(['run', await smallScenario('60s'), '--out', out, '--progress', 'none'], {
      NODE_OPTIONS: preload,
      FAIL_BY: how,
      FAIL_IN: out,
    });
    expect(end.exitCode, end.stderr).toBe(70);
    const lines = end.stderr.trim().split('\n');
    expect(lines.filter((line) => words.test(line))).toHaveLength(1);
    expect(end.stderr).not.toMatch(/\n\s+at /);
    const [, details = ''] = /details in (\S+)/.exec(end.stderr) ?? [];
    expect(readFileSync(details, 'utf8')).toMatch(how === 'stderr' ? /stream broken/ : words);
    const record = JSON.parse(readFileSync(join(onlyRunFolder(out), 'run.json'), 'utf8')) as RunRecord;
    expect(record.ended.how).toBe('failed');
    expect(record.ended.reason).toMatch(words);
  });
});
