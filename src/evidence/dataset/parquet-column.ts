import type { ColumnChunk, Encoding } from 'hyparquet';
import type { ByteWriter } from 'hyparquet-writer';
import { writePageHeader } from 'hyparquet-writer/src/datapage.js';
import type { Block } from './block.ts';
import { numbersOf, textsOf, type Cells } from './column-cells.ts';
import type { Column } from './column.ts';
import { packBits, packBooleans, packInt32, packInt64, packPlaces, packPlain } from './packing.ts';

/** A column as it is stored, whatever its rows are. */
export type StoredColumn = Pick<Column<unknown>, 'name' | 'type' | 'nullable'>;

/** What the pages of a column hold. */
interface Pages {
  readonly cells: Cells;
  /** Of a text column: its words as a page of their own. */
  readonly words: { readonly count: number; readonly bytes: Uint8Array } | null;
  readonly encoding: Encoding;
  readonly bytes: Uint8Array;
}

/**
 * Appends one column of all these blocks to a file: for texts a page with every word once, then one page of values.
 * Packed like that, compressing them as well would take longer than it saves.
 */
export function writeColumn(
  file: ByteWriter,
  column: StoredColumn,
  blocks: readonly Block[],
  index: number,
): ColumnChunk {
  const startsAt = file.offset;
  const pages = pagesOf(column, blocks, index);
  if (pages.words !== null) writeWords(file, pages.words);
  const valuesAt = file.offset;
  writeValues(file, pages, column);
  const size = BigInt(file.offset - startsAt);
  return {
    file_offset: BigInt(startsAt),
    meta_data: {
      type: column.type === 'STRING' ? 'BYTE_ARRAY' : column.type,
      encodings: pages.words === null ? [pages.encoding] : ['PLAIN', pages.encoding],
      path_in_schema: [column.name],
      codec: 'UNCOMPRESSED',
      num_values: BigInt(pages.cells.isThere.length),
      total_uncompressed_size: size,
      total_compressed_size: size,
      data_page_offset: BigInt(valuesAt),
      ...(pages.words === null ? {} : { dictionary_page_offset: BigInt(startsAt) }),
    },
  };
}

function pagesOf({ type }: StoredColumn, blocks: readonly Block[], index: number): Pages {
  if (type === 'STRING') return textPages(blocks, index);
  const cells = numbersOf(blocks, index);
  const { values } = cells;
  switch (type) {
    case 'INT32':
      return { cells, words: null, encoding: 'DELTA_BINARY_PACKED', bytes: packInt32(values) };
    case 'INT64':
      return { cells, words: null, encoding: 'DELTA_BINARY_PACKED', bytes: packInt64(values) };
    case 'DOUBLE':
      return { cells, words: null, encoding: 'PLAIN', bytes: packPlain(values, 'DOUBLE') };
    case 'BOOLEAN':
      return { cells, words: null, encoding: 'RLE', bytes: packBooleans(values) };
  }
}

function textPages(blocks: readonly Block[], index: number): Pages {
  const { words, ...cells } = textsOf(blocks, index);
  // Without any word there is nothing to point to, and some readers want no empty page of words.
  if (words.length === 0) return { cells, words: null, encoding: 'PLAIN', bytes: new Uint8Array(0) };
  return {
    cells,
    words: { count: words.length, bytes: packPlain(words, 'BYTE_ARRAY') },
    encoding: 'RLE_DICTIONARY',
    bytes: packPlaces(cells.values, words.length),
  };
}

function writeWords(file: ByteWriter, { count, bytes }: NonNullable<Pages['words']>): void {
  writePageHeader(file, {
    type: 'DICTIONARY_PAGE',
    uncompressed_page_size: bytes.length,
    compressed_page_size: bytes.length,
    dictionary_page_header: { num_values: count, encoding: 'PLAIN' },
  });
  file.appendBytes(bytes);
}

function writeValues(file: ByteWriter, { cells, encoding, bytes }: Pages, { nullable }: StoredColumn): void {
  const { isThere, values } = cells;
  const levels = nullable ? packBits(isThere) : new Uint8Array(0);
  const size = levels.length + bytes.length;
  writePageHeader(file, {
    type: 'DATA_PAGE_V2',
    uncompressed_page_size: size,
    compressed_page_size: size,
    data_page_header_v2: {
      num_values: isThere.length,
      num_nulls: isThere.length - values.length,
      num_rows: isThere.length,
      encoding,
      definition_levels_byte_length: levels.length,
      repetition_levels_byte_length: 0,
      is_compressed: false,
    },
  });
  file.appendBytes(levels);
  file.appendBytes(bytes);
}
