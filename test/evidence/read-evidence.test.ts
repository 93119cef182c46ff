import { appendFileSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { makeRunClock } from '../../src/base/clock.ts';
import { EvidenceError } from '../../src/base/errors.ts';
import { makeBlocks, type Block } from '../../src/evidence/dataset/block.ts';
import { encodePart } from '../../src/evidence/dataset/part-encoding.ts';
import { backendTable } from '../../src/evidence/dataset/backend-table.ts';
import { attemptTable } from '../../src/evidence/dataset/attempt-table.ts';
import { allAttempts } from '../../src/evidence/all-attempts.ts';
import type { Outcome } from '../../src/evidence/attempt.ts';
import { readEvidence } from '../../src/evidence/read-evidence.ts';
import { openRunWriter } from '../../src/evidence/run-writer.ts';
import { sha256 } from '../../src/evidence/manifest/manifest-line.ts';
import { printRun } from '../../src/evidence/record/run-file.ts';
import { sealRecording } from '../support/seal-recording.ts';
import { attempt, backend, blockOf, freshFolder, run, sample } from './given.ts';

let folder: string;
const at = (name: string): string => join(folder, name);

/** A run of three parts of attempts. */
beforeEach(async () => {
  folder = freshFolder();
  const writer = await openRunWriter(folder, makeRunClock());
  await writer.record(run);
  writer.backends([backend()]);
  writer.event(sample(1, 1, 1));
  writer.event(sample(2, 1, 1));
  await writer.close();
  for (const [index, phase] of ['one', 'two', 'three'].entries())
    writeFileSync(
      at(`attempts/part-0000${index + 1}.parquet`),
      await encodePart(attemptTable, [blockOf([attempt({ phase, intendedUs: 1e6 * index })])]),
    );
  await sealRecording(folder);
});

/** Makes a run of it that was killed before the last line of its manifest. */
function cutOff(): void {
  writeFileSync(at('run.json'), printRun({ ...run, ended: { how: 'running', at_us: null, reason: null } }));
  const lines = readFileSync(at('manifest.ndjson'), 'utf8').trimEnd().split('\n');
  writeFileSync(at('manifest.ndjson'), `${lines.slice(0, -1).join('\n')}\n`);
}

function backendBlock(): Block {
  const blocks = makeBlocks(backendTable, 1);
  blocks.add(backend());
  return blocks.take()!;
}

async function refusal(): Promise<string> {
  const error: unknown = await readEvidence(folder).then(
    () => null,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(EvidenceError);
  return (error as EvidenceError).message;
}

describe('damaged recordings', () => {
  it('are whole when nothing is wrong', async () => {
    const { gaps, attempts } = await readEvidence(folder);
    expect(gaps).toEqual([]);
    expect(attempts.map(({ phase }) => phase)).toEqual(['one', 'two', 'three']);
  });

  it('tell what was sent in the phases from what was sent before and after them', async () => {
    const others = ['calibration 1', 'four', 'leak probe'].map((phase) => attempt({ phase }));
    const part = await encodePart(attemptTable, [blockOf(others)]);
    writeFileSync(at('attempts/part-00004.parquet'), part);
    await sealRecording(folder);
    const evidence = await readEvidence(folder);
    const namesOf = (attempts: typeof evidence.attempts) => attempts.map(({ phase }) => phase).sort();
    expect(namesOf(evidence.attempts)).toEqual(['four', 'one', 'three', 'two']);
    expect(namesOf(evidence.beside ?? [])).toEqual(['calibration 1', 'leak probe']);
    expect(allAttempts(evidence)).toHaveLength(6);
  });

  it('give what is left of them when a part is cut in half', async () => {
    truncateSync(at('attempts/part-00002.parquet'), 200);
    const { gaps, attempts, losses } = await readEvidence(folder);
    expect(attempts.map(({ phase }) => phase)).toEqual(['one', 'three']);
    expect(gaps).toEqual([
      'attempts/part-00002.parquet is damaged: 1 row from 1 s to 1 s of the run is missing',
    ]);
    expect(losses).toEqual([{ of: 'attempts', fromUs: 1e6, toUs: 1e6 }]);
  });

  it('give what is left of them when a part is empty or not Parquet at all', async () => {
    writeFileSync(at('attempts/part-00001.parquet'), '');
    writeFileSync(at('attempts/part-00003.parquet'), 'PAR1 no PAR1');
    const { gaps, attempts } = await readEvidence(folder);
    expect(attempts.map(({ phase }) => phase)).toEqual(['two']);
    expect(gaps).toHaveLength(2);
  });

  it('say which part is missing', async () => {
    rmSync(at('attempts/part-00002.parquet'));
    const { gaps, losses } = await readEvidence(folder);
    expect(gaps).toEqual([
      'attempts/part-00002.parquet is missing: 1 row from 1 s to 1 s of the run is missing',
    ]);
    expect(losses).toEqual([{ of: 'attempts', fromUs: 1e6, toUs: 1e6 }]);
  });

  it('say when a part was being written as the run was cut off', async () => {
    writeFileSync(at('attempts/part-00004.parquet.tmp'), 'half');
    expect((await readEvidence(folder)).gaps).toEqual([
      'attempts/part-00004.parquet was being written when the run was cut off',
    ]);
  });

  it('trust no manifest that goes on behind its end, and none that ends early', async () => {
    const lines = readFileSync(at('manifest.ndjson'), 'utf8').split(/(?<=\n)/);
    writeFileSync(at('manifest.ndjson'), [...lines, lines[0]].join(''));
    expect((await readEvidence(folder)).gaps).toEqual([
      'manifest.ndjson is damaged: 1 of its lines are not as they were written',
    ]);
    writeFileSync(at('manifest.ndjson'), lines.join('').replace('"rows":1,', '"rows":2,'));
    expect((await readEvidence(folder)).gaps).toContainEqual(
      expect.stringMatching(/^manifest.ndjson is damaged/),
    );
    writeFileSync(at('manifest.ndjson'), lines.slice(0, -1).join(''));
    expect((await readEvidence(folder)).gaps).toEqual([
      'manifest.ndjson ends early: what came last is not verified',
    ]);
  });

  it('say when a folder or the events are missing altogether', async () => {
    rmSync(at('backends'), { recursive: true });
    rmSync(at('events.ndjson'));
    expect((await readEvidence(folder)).gaps).toEqual(['backends/ is missing', 'events.ndjson is missing']);
  });

  it('say that lines of the manifest are not as they were written', async () => {
    const text = readFileSync(at('manifest.ndjson'), 'utf8');
    writeFileSync(at('manifest.ndjson'), `no manifest\n${text}`);
    expect((await readEvidence(folder)).gaps).toContain(
      'manifest.ndjson is damaged: 2 of its lines are not as they were written',
    );
  });

  it('say where events were changed, and leave those out', async () => {
    const text = readFileSync(at('events.ndjson'), 'utf8');
    writeFileSync(at('events.ndjson'), text.replace('"rtt_us":300', '"rtt_us":301'));
    const { gaps, events } = await readEvidence(folder);
    expect(events).toEqual([]);
    expect(gaps).toEqual([expect.stringMatching(/^events.ndjson is damaged at byte 0: 2 events from/)]);
  });

  it('say what stands behind the end of a whole recording, and take nothing of it', async () => {
    appendFileSync(at('events.ndjson'), `${JSON.stringify(sample(3, 1, 1))}\n`);
    const { gaps, events } = await readEvidence(folder);
    expect(events).toHaveLength(2);
    expect(gaps).toEqual([
      expect.stringMatching(/^events.ndjson has \d+ bytes at its end that are not of this recording$/),
    ]);
  });

  it('say whether the scenario beside them is as it was', async () => {
    writeFileSync(at('effective.yaml'), 'version: 1\n');
    await sealRecording(folder);
    expect((await readEvidence(folder)).gaps).toEqual([]);
    writeFileSync(at('effective.yaml'), 'version: 2\n');
    expect((await readEvidence(folder)).gaps).toEqual(['effective.yaml is damaged']);
    rmSync(at('effective.yaml'));
    expect((await readEvidence(folder)).gaps).toEqual(['effective.yaml is missing']);
  });

  it('take a half line at the end of the events for the end', async () => {
    cutOff();
    appendFileSync(at('events.ndjson'), `${JSON.stringify(sample(3, 1, 1))}\n{"t_us":4,"kind":"sam`);
    const { gaps, events } = await readEvidence(folder);
    expect(events).toHaveLength(3);
    expect(gaps).toEqual([
      expect.stringMatching(/still going/),
      expect.stringMatching(/ends in half a line/),
      'events.ndjson: the last event is not verified',
    ]);
  });

  it('say where events are of no known shape, and keep the others', async () => {
    const text = readFileSync(at('events.ndjson'), 'utf8');
    writeFileSync(at('events.ndjson'), `{"t_us":1,"kind":"comet"}\n{"t_us":1}\n${text}`);
    await sealRecording(folder);
    const { gaps, events } = await readEvidence(folder);
    expect(events).toHaveLength(2);
    expect(gaps).toEqual(["events.ndjson has 2 lines that can't be read"]);
  });

  it('never read a part of another kind, or one with words of a later version', async () => {
    writeFileSync(at('attempts/part-00001.parquet'), await encodePart(backendTable, [backendBlock()]));
    const later = [blockOf([attempt({ outcome: 'teapot' as Outcome })])];
    writeFileSync(at('attempts/part-00002.parquet'), await encodePart(attemptTable, later));
    rmSync(at('manifest.ndjson'));
    expect((await readEvidence(folder)).gaps).toEqual([
      expect.stringMatching(
        /^manifest.ndjson can't be read, so nothing of the recording is verified: ENOENT/,
      ),
      expect.stringMatching(/part-00001.parquet can't be read \(its column arrival is not what/),
      expect.stringMatching(/part-00002.parquet can't be read \(its outcome "teapot" is unknown/),
      expect.stringMatching(/part-00003.parquet is not verified/),
      expect.stringMatching(/backends.part-00001.parquet is not verified/),
      expect.stringMatching(/^events.ndjson: the last 2 events are not verified/),
    ]);
  });
});

describe('folders that say nothing of a run', () => {
  it('are refused with a hint when there is no run.json', async () => {
    rmSync(at('run.json'));
    expect(await refusal()).toMatch(/holds no run: ENOENT[^]*hint: a run folder is/);
  });

  it('are refused when run.json is of another version, which is named', async () => {
    writeFileSync(at('run.json'), JSON.stringify({ ...run, schema_version: 2 }));
    expect(await refusal()).toMatch(
      /schema_version 2; this version of poolproof reads 1[^]*hint: judge it with/,
    );
  });

  it('are refused when run.json is half written or lacks something', async () => {
    writeFileSync(at('run.json'), JSON.stringify(run).slice(0, 100));
    expect(await refusal()).toMatch(/run.json is damaged/);
    const content = JSON.parse(printRun(run)) as Record<string, unknown>;
    delete content.seed;
    delete content.sha256;
    const checksum = sha256(`${JSON.stringify(content, null, 2)}\n`);
    writeFileSync(at('run.json'), JSON.stringify({ ...content, sha256: checksum }));
    expect(await refusal()).toMatch(/\(seed: /);
    writeFileSync(at('run.json'), 'null');
    expect(await refusal()).toMatch(/schema_version undefined/);
  });
});
