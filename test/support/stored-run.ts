import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { afterAll } from 'vitest';

/**
 * Recordings of the shipped scenarios, one a folder, as `poolproof run` wrote them: without what is rendered from them,
 * and with `events.ndjson` packed.
 */
export const storedRuns = fileURLToPath(new URL('../fixtures/runs/', import.meta.url));

/** Their names, which are those of the scenarios. */
export const storedRunNames = readdirSync(storedRuns, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

/** Recordings of plain services that break their budgets as published incidents did; stored in the same way. */
export const storedIncidents = fileURLToPath(new URL('../fixtures/incidents/', import.meta.url));

/** A copy of a stored run, as it was in its run folder; gone when the test file has ended. */
export function unpackRun(name: string, from = storedRuns): string {
  const folder = mkdtempSync(join(tmpdir(), 'poolproof-stored-run-'));
  unpacked.push(folder);
  cpSync(join(from, name), folder, { recursive: true });
  const packed = join(folder, 'events.ndjson.gz');
  writeFileSync(join(folder, 'events.ndjson'), gunzipSync(readFileSync(packed)));
  rmSync(packed);
  return folder;
}

const unpacked: string[] = [];
afterAll(() => unpacked.forEach((folder) => rmSync(folder, { recursive: true, force: true })));
