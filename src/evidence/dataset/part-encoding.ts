import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ColumnChunk } from 'hyparquet';
import { ByteWriter } from 'hyparquet-writer';
import { writeMetadata } from 'hyparquet-writer/src/metadata.js';
import type { Block } from './block.ts';
import { writeColumn } from './parquet-column.ts';
import { schemaOf } from './parquet-schema.ts';
import { columnsOf, type Table } from './table.ts';

/** What a Parquet file begins and ends with: "PAR1". */
const magic = 0x31524150;

/**
 * A Parquet file of all rows of these blocks. Other work of this thread gets its turn between the columns: the sampler
 * shares it and must stay punctual, and a column of ten thousand rows takes under a millisecond.
 */
export async function encodePart<Row>(table: Table<Row>, blocks: readonly Block[]): Promise<Uint8Array> {
  const file = new ByteWriter();
  file.appendUint32(magic);
  const columns: ColumnChunk[] = [];
  for (const [index, [, column]] of columnsOf(table).entries()) {
    columns.push(writeColumn(file, column, blocks, index));
    await nextTurn();
  }
  const rows = BigInt(blocks.reduce((sum, { count }) => sum + count, 0));
  const size = columns.reduce((sum, { meta_data: data }) => sum + (data?.total_compressed_size ?? 0n), 0n);
  writeMetadata(file, {
    version: 2,
    created_by: 'poolproof',
    schema: schemaOf(table),
    num_rows: rows,
    row_groups: [{ columns, total_byte_size: size, total_compressed_size: size, num_rows: rows }],
    metadata_length: 0,
  });
  file.appendUint32(magic);
  return file.getBytes();
}
