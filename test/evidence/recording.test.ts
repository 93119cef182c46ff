import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import fc from 'fast-check';
import { parquetMetadata, parquetReadObjects } from 'hyparquet';
import { describe, expect, it } from 'vitest';
import { makeRunClock } from '../../src/base/clock.ts';
import type { Attempt } from '../../src/evidence/attempt.ts';
import type { BackendRow } from '../../src/evidence/backend-row.ts';
import type { RunEvent } from '../../src/evidence/event.ts';
import { readEvidence } from '../../src/evidence/read-evidence.ts';
import { openRunWriter } from '../../src/evidence/run-writer.ts';
import { anyAttempt, anyBackend } from './arbitrary.ts';
import { attempt, backend, freshFolder, instance, link, run, sample } from './given.ts';

interface Recorded {
  readonly attempts?: readonly Attempt[];
  readonly backends?: readonly BackendRow[];
  readonly events?: readonly RunEvent[];
}

async function recorded(given: Recorded): Promise<string> {
  const folder = freshFolder();
  const writer = await openRunWriter(folder, makeRunClock());
  await writer.record(run);
  writer.attempts(given.attempts ?? []);
  writer.backends(given.backends ?? []);
  for (const event of given.events ?? []) writer.event(event);
  await writer.close();
  expect(writer.lost).toBeNull();
  return folder;
}

/** A Parquet file as any reader gets it. */
function fileOf(folder: string, name: string): ArrayBuffer {
  const bytes = readFileSync(join(folder, name));
  return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
}

describe('a recording', () => {
  it('gives back every attempt and every backend row as it was', async () => {
    const rows = fc.record({
      attempts: fc.array(anyAttempt, { maxLength: 40 }),
      backends: fc.array(anyBackend, { maxLength: 40 }),
    });
    await fc.assert(
      fc.asyncProperty(rows, async (given) => {
        const folder = await recorded(given);
        const read = await readEvidence(folder);
        const byTime = (a: Attempt, b: Attempt): number =>
          a.intendedUs - b.intendedUs || a.arrival - b.arrival || a.attempt - b.attempt;
        expect(read.attempts).toEqual([...given.attempts].sort(byTime));
        expect(read.backends).toEqual([...given.backends].sort((a, b) => a.tUs - b.tUs));
        expect(read.gaps).toEqual([]);
        rmSync(folder, { recursive: true });
      }),
      { numRuns: 25 },
    );
  });

  it('gives back every row of parts larger than one row group, in order', async () => {
    const attempts = Array.from({ length: 4321 }, (_, arrival) =>
      attempt({ arrival, intendedUs: arrival * 10, endedUs: arrival % 3 === 0 ? null : arrival * 10 + 7 }),
    );
    const read = await readEvidence(await recorded({ attempts }));
    expect(read.attempts).toEqual(attempts);
  });

  it('gives back the events in time order, those of one moment in the order in which they came', async () => {
    const events = [sample(90, 3, 1), link(50, 'attempt'), link(50, 'session'), instance(10, 'ready')];
    const read = await readEvidence(await recorded({ events }));
    expect(read.events).toEqual([events[3], events[1], events[2], events[0]]);
    expect(read.run).toEqual(run);
  });

  it('keeps a whole number in range and a fraction of a microsecond out', async () => {
    const given = attempt({ retryAfterMs: 1e15, intendedUs: 10.6, sentUs: 11.4 });
    const read = await readEvidence(await recorded({ attempts: [given] }));
    expect(read.attempts).toMatchObject([{ retryAfterMs: 2 ** 31 - 1, intendedUs: 11, sentUs: 11 }]);
  });

  it('refuses a folder that holds another recording', async () => {
    const folder = await recorded({});
    await expect(openRunWriter(folder, makeRunClock())).rejects.toThrow(/can't record into/);
  });
});

describe('the Parquet files', () => {
  it('have the promised columns, in order, in the types that other tools read', async () => {
    const folder = await recorded({ attempts: [attempt()], backends: [backend()] });
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
    const folder = await recorded({
      attempts: [attempt({ arrival: 7, endedUs: null, outcome: 'unfinished' })],
    });
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
    writer.attempts([attempt()]);
    writer.event(sample(1, 1, 1));
    await delay(300);
    expect(readdirSync(join(folder, 'attempts'))).toEqual([]);
    clock.us = 3_000_000;
    await delay(400);
    const read = await readEvidence(folder);
    expect(read.attempts).toHaveLength(1);
    expect(read.events).toHaveLength(1);
    expect(read.gaps).toEqual([expect.stringMatching(/cut off/)]);
    await writer.close();
  });

  it('closes a part with ten thousand rows at once', async () => {
    const folder = freshFolder();
    const writer = await openRunWriter(folder, makeRunClock());
    writer.attempts(Array.from({ length: 10_000 }, (_, arrival) => attempt({ arrival })));
    writer.attempts([attempt()]);
    await writer.close();
    expect(readdirSync(join(folder, 'attempts'))).toEqual(['part-00001.parquet', 'part-00002.parquet']);
  });
});

describe('when writing fails', () => {
  it('remembers what and why, throws nowhere, and keeps what was written before readable', async () => {
    const folder = freshFolder();
    const writer = await openRunWriter(folder, makeRunClock());
    writer.attempts(Array.from({ length: 10_000 }, (_, arrival) => attempt({ arrival })));
    await expect.poll(() => readdirSync(join(folder, 'attempts'))).toEqual(['part-00001.parquet']);
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
