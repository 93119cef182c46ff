import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { attemptTable } from '../../src/evidence/dataset/attempt-table.ts';
import { backendTable } from '../../src/evidence/dataset/backend-table.ts';
import { decodePart } from '../../src/evidence/dataset/part-decoding.ts';
import type { Table } from '../../src/evidence/dataset/table.ts';
import { eventsName } from '../../src/evidence/events/event-writer.ts';
import { manifestName } from '../../src/evidence/manifest/manifest-line.ts';
import { makeManifestWriter } from '../../src/evidence/manifest/manifest-writer.ts';
import { makeStretches } from '../../src/evidence/manifest/stretches.ts';

/** How many events a stretch has: of three seconds, where a run is quiet. */
const stretchLines = 150;

/** Writes the manifest of a recording as if all that lies in its folder had been recorded so. */
export async function sealRecording(folder: string): Promise<void> {
  let text = '';
  const file = {
    appendFile: (line: unknown) => Promise.resolve(void (text += String(line))),
    datasync: () => Promise.resolve(),
  };
  const manifest = makeManifestWriter(file, (why, error) => {
    throw new Error(`${why}: ${String(error)}`);
  });
  const contentOf = (name: string): Buffer => readFileSync(join(folder, name));
  const addParts = async <Row>(table: Table<Row>): Promise<void> => {
    for (const name of readdirSync(join(folder, table.name)).sort()) {
      const bytes = contentOf(`${table.name}/${name}`);
      const whole = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) as ArrayBuffer;
      const times = (await decodePart(table, whole)).map((row) => Number(row[table.time]));
      const span = { from_us: Math.min(...times), to_us: Math.max(...times) };
      manifest.addFile(`${table.name}/${name}`, bytes, { rows: times.length, ...span });
    }
  };
  if (readdirSync(folder).includes('effective.yaml'))
    manifest.addFile('effective.yaml', contentOf('effective.yaml'));
  await addParts(attemptTable);
  await addParts(backendTable);
  const lines = contentOf(eventsName)
    .toString('utf8')
    .split(/(?<=\n)/);
  const stretches = makeStretches(eventsName);
  for (let at = 0; at < lines.length; at += stretchLines) {
    const some = lines.slice(at, at + stretchLines);
    stretches.add(
      some.join(''),
      some.map((line) => (JSON.parse(line) as { t_us: number }).t_us),
    );
    const piece = stretches.take();
    if (piece !== null) manifest.addPiece(piece);
  }
  await manifest.end();
  writeFileSync(join(folder, manifestName), text);
}
