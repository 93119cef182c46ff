import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import fc from 'fast-check';
import { parquetMetadata, parquetReadObjects } from 'hyparquet';
import { describe, expect, it } from 'vitest';
import { makeRunClock } from '../../src/base/clock.ts';
import type { AttemptBlock } from '../../src/evidence/dataset/attempt-block.ts';
import type { Attempt } from '../../src/evidence/attempt.ts';
import type { BackendRow } from '../../src/evidence/dataset/backend-row.ts';
import type { RunEvent } from '../../src/evidence/event.ts';
import { readEvidence } from '../../src/evidence/read-evidence.ts';
import { openRunWriter } from '../../src/evidence/run-writer.ts';
import { anyAttempt, anyBackend } from './arbitrary.ts';
import { attempt, backend, blockOf, freshFolder, instance, link, run, sample } from './given.ts';

interface Recorded {
  readonly blocks?: readonly AttemptBlock[];
  readonly backends?: readonly BackendRow[];
  readonly events?: readonly RunEvent[];
  readonly run?: typeof run;
}

async function recorded(given: Recorded): Promise<string> {
  const folder = freshFolder();
  const writer = await openRunWriter(folder, makeRunClock());
  await writer.record(given.run ?? run);
  for (const block of given.blocks ?? []) writer.attempts(block);
  writer.backends(given.backends ?? []);
  for (const event of given.events ?? []) writer.event(event);
  await writer.close();
  expect(writer.lost).toBeNull();
  return folder;
}

/** Has room for any time. */
const endless = { ...run, ended: { ...run.ended, at_us: 1001 * 3_600_000_000 } };

/** For what happens soon, on a machine that may be busy. */
const patient = { timeout: 20_000 };

const thousand = blockOf(Array.from({ length: 1000 }, (_, arrival) => attempt({ arrival })));

/** A Parquet file as any reader gets it. */
function fileOf(folder: string, name: string): ArrayBuffer {
  const bytes = readFileSync(join(folder, name));
  return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
}

describe('a recording', () => {
  it('gives back every attempt and every backend row as it was', async () => {
    const rows = fc.record({
      batches: fc.array(fc.array(anyAttempt, { maxLength: 40 }), { maxLength: 4 }),
      backends: fc.array(anyBackend, { maxLength: 40 }),
    });
    await fc.assert(
      fc.asyncProperty(rows, async ({ batches, backends }) => {
        const folder = await recorded({ blocks: batches.map(blockOf), backends, run: endless });
        const read = await readEvidence(folder);
        const byTime = (a: Attempt, b: Attempt): number =>
          a.intendedUs - b.intendedUs || a.arrival - b.arrival || a.attempt - b.attempt;
        expect(read.attempts).toEqual(batches.flat().sort(byTime));
        expect(read.backends).toEqual([...backends].sort((a, b) => a.tUs - b.tUs));
        expect(read.gaps).toEqual([]);
        rmSync(folder, { recursive: true });
      }),
      { numRuns: 25 },
    );
  });

  it('gives back every row of a part that many blocks went into, in order, each with its own words', async () => {
    const attempts = Array.from({ length: 4321 }, (_, arrival) =>
      attempt({
        arrival,
        intendedUs: arrival * 10,
        endedUs: arrival % 3 === 0 ? null : arrival * 10 + 7,
        instance: arrival % 5 === 0 ? null : `instance-${Math.floor(arrival / 700)}`,
        errorCode: arrival % 7 === 0 ? `code-${arrival % 11}` : null,
      }),
    );
    const blocks = [0, 1000, 1003, 4000].map((from, index, all) =>
      blockOf(attempts.slice(from, all[index + 1])),
    );
    const folder = await recorded({ blocks });
    expect(readdirSync(join(folder, 'attempts'))).toEqual(['part-00001.parquet']);
    expect((await readEvidence(folder)).attempts).toEqual(attempts);
  });

  it('keeps times of runs of any length to the microsecond', async () => {
    const hour = 3_600_000_000;
    const attempts = [0, 1, hour - 1, hour, 30 * hour, 1000 * hour].map((intendedUs, arrival) =>
      attempt({ arrival, intendedUs, sentUs: intendedUs + 3, endedUs: intendedUs + hour / 60 }),
    );
    const late = attempts.slice(4).map((one, index) => ({ ...one, intendedUs: 1000 * hour + index }));
    for (const some of [attempts, late]) {
      const read = await readEvidence(await recorded({ blocks: [blockOf(some)], run: endless }));
      expect(read.attempts).toEqual(some);
    }
  });

  it('gives back the events in time order, those of one moment in the order in which they came', async () => {
    const events = [sample(90, 3, 1), link(50, 'attempt'), link(50, 'session'), instance(10, 'ready')];
    const read = await readEvidence(await recorded({ events }));
    expect(read.events).toEqual([events[3], events[1], events[2], events[0]]);
    expect(read.run).toEqual(run);
  });

  it('keeps a whole number in range and a fraction of a microsecond out', async () => {
    const given = attempt({ retryAfterMs: 1e15, intendedUs: 10.6, sentUs: 11.4 });
    const read = await readEvidence(await recorded({ blocks: [blockOf([given])] }));
    expect(read.attempts).toMatchObject([{ retryAfterMs: 2 ** 31 - 1, intendedUs: 11, sentUs: 11 }]);
  });

  it('refuses a folder that holds another recording', async () => {
    const folder = await recorded({});
    await expect(openRunWriter(folder, makeRunClock())).rejects.toThrow(/can't record into/);
  });
});

describe('the Parquet files', () => {
  it('have the promised columns, in order, in the types that other tools read', async () => {
    const folder = await recorded({ blocks: [blockOf([attempt()])], backends: [backend()] });
    const shown = (name: string): string[] =>
      parquetMetadata(fileOf(folder, name))
        .schema.slice(1)
        .map((column) =>
          [column.name, column.type, column.converted_type, column.repetition_type].filter(Boolean).join(' '),
        );
    expect(shown('attempts/part-00001.parquet')).toMatchInlineSnapshot(`
      [
        "arrival INT32 REQUIRED",
        "attempt INT32 REQUIRED",
        "client INT32 REQUIRED",
        "route BYTE_ARRAY UTF8 REQUIRED",
        "phase BYTE_ARRAY UTF8 REQUIRED",
        "intended_us INT64 REQUIRED",
        "sent_us INT64 REQUIRED",
        "ended_us INT64 OPTIONAL",
        "status INT32 OPTIONAL",
        "outcome BYTE_ARRAY UTF8 REQUIRED",
        "error_code BYTE_ARRAY UTF8 OPTIONAL",
        "sqlstate BYTE_ARRAY UTF8 OPTIONAL",
        "retry_after_ms INT32 OPTIONAL",
        "instance BYTE_ARRAY UTF8 OPTIONAL",
        "revision BYTE_ARRAY UTF8 OPTIONAL",
        "received_us INT64 OPTIONAL",
        "acquire_us INT64 OPTIONAL",
        "connect_us INT64 OPTIONAL",
        "own_us INT64 OPTIONAL",
        "body_valid BOOLEAN OPTIONAL",
        "bytes INT32 REQUIRED",
      ]
    `);
    expect(shown('backends/part-00001.parquet')).toMatchInlineSnapshot(`
      [
        "t_us INT64 REQUIRED",
        "source BYTE_ARRAY UTF8 REQUIRED",
        "service BYTE_ARRAY UTF8 OPTIONAL",
        "revision BYTE_ARRAY UTF8 OPTIONAL",
        "instance BYTE_ARRAY UTF8 OPTIONAL",
        "role BYTE_ARRAY UTF8 OPTIONAL",
        "application_name BYTE_ARRAY UTF8 OPTIONAL",
        "state BYTE_ARRAY UTF8 OPTIONAL",
        "wait_type BYTE_ARRAY UTF8 OPTIONAL",
        "wait BYTE_ARRAY UTF8 OPTIONAL",
        "count INT32 REQUIRED",
        "max_xact_ms DOUBLE OPTIONAL",
        "max_query_ms DOUBLE OPTIONAL",
        "max_state_ms DOUBLE OPTIONAL",
      ]
    `);
  });

  it('are read by a plain Parquet reader', async () => {
    const one = attempt({ arrival: 7, endedUs: null, outcome: 'unfinished' });
    const folder = await recorded({ blocks: [blockOf([one])] });
    const rows = await parquetReadObjects({ file: fileOf(folder, 'attempts/part-00001.parquet') });
    expect(rows).toMatchObject([{ arrival: 7, outcome: 'unfinished', intended_us: 1000n, ended_us: null }]);
  });
});

describe('while the run goes on', () => {
  it('closes parts and writes events by itself, so that a crash finds them on the disk', async () => {
    const folder = freshFolder();
    const clock = { originNs: 0n, us: 0, nowUs: () => clock.us };
    const writer = await openRunWriter(folder, clock);
    await writer.record({ ...run, ended: { how: 'running', at_us: null, reason: null } });
    writer.attempts(blockOf([attempt()]));
    writer.event(sample(1, 1, 1));
    await delay(300);
    expect(readdirSync(join(folder, 'attempts'))).toEqual([]);
    clock.us = 3_000_000;
    await expect.poll(async () => (await readEvidence(folder)).attempts, patient).toHaveLength(1);
    const read = await readEvidence(folder);
    expect(read.attempts).toHaveLength(1);
    expect(read.events).toHaveLength(1);
    expect(read.gaps).toEqual([expect.stringMatching(/cut off/)]);
    await writer.close();
  });

  it('closes a part with ten thousand rows at once', async () => {
    const folder = freshFolder();
    const writer = await openRunWriter(folder, makeRunClock());
    for (let block = 0; block < 10; block += 1) writer.attempts(thousand);
    writer.attempts(blockOf([attempt()]));
    await writer.close();
    expect(readdirSync(join(folder, 'attempts'))).toEqual(['part-00001.parquet', 'part-00002.parquet']);
  });
});

describe('when writing fails', () => {
  it('remembers what and why, throws nowhere, and keeps what was written before readable', async () => {
    const folder = freshFolder();
    const writer = await openRunWriter(folder, makeRunClock());
    for (let block = 0; block < 10; block += 1) writer.attempts(thousand);
    await expect.poll(() => readdirSync(join(folder, 'attempts')), patient).toEqual(['part-00001.parquet']);
    rmSync(join(folder, 'backends'), { recursive: true });
    writeFileSync(join(folder, 'backends'), 'a file where a folder was');
    writer.backends([backend()]);
    await writer.record(run);
    await writer.close();
    expect(writer.lost).toMatch(/^backends\/part-00001.parquet: ENOTDIR/);
    rmSync(join(folder, 'backends'));
    mkdirSync(join(folder, 'backends'));
    const read = await readEvidence(folder);
    expect(read.attempts).toHaveLength(10_000);
    expect(read.gaps).toEqual([expect.stringMatching(/could not record everything: backends\/part-00001/)]);
  });

  it('is told before the run when the folder can not be written to', async () => {
    const folder = join(freshFolder(), 'file');
    writeFileSync(folder, '');
    await expect(openRunWriter(folder, makeRunClock())).rejects.toThrow(/can't record into .*file: ENOTDIR/);
  });
});
