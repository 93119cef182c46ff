import { ByteWriter } from 'hyparquet-writer';
import { deltaBinaryPack } from 'hyparquet-writer/src/delta.js';
import { writeRleBitPackedHybrid } from 'hyparquet-writer/src/encoding.js';
import { writePlain } from 'hyparquet-writer/src/plain.js';
import { makeScratch } from './scratch.ts';

/*
 * Numbers as the bytes of Parquet's encodings. Times mostly grow and statuses repeat: as differences they take a few
 * bits each. The library packs differences of 32-bit numbers five times as fast as those of BigInts.
 */

const int32Max = 2 ** 31 - 1;

const wholeFor = makeScratch((length) => new Int32Array(length));

/** DELTA_BINARY_PACKED of 32-bit numbers, each rounded; what does not fit becomes the nearest that does. */
export function packInt32(values: Float64Array): Uint8Array {
  const whole = wholeFor(values.length);
  for (let index = 0; index < values.length; index += 1)
    whole[index] = Math.max(-int32Max - 1, Math.min(int32Max, Math.round(values[index] ?? 0)));
  return deltas(whole, 'INT32');
}

/**
 * DELTA_BINARY_PACKED of 64-bit numbers, each rounded. Only the first value stands in the bytes as it is, all others as
 * differences; so the distances from the first are packed, which fit 32 bits while they span less than 35 minutes
 * of microseconds, and then their own first, a zero, is replaced.
 */
export function packInt64(values: Float64Array): Uint8Array {
  const first = Math.round(values[0] ?? 0);
  const distances = wholeFor(values.length);
  for (let index = 0; index < values.length; index += 1) {
    const distance = Math.round(values[index] ?? 0) - first;
    distances[index] = distance;
    if (distances[index] !== distance) return deltas(bigInts(values), 'INT64');
  }
  return withFirst(first, deltas(distances, 'INT64'));
}

/** RLE of places in a dictionary of `size` words, with the width of a place in front. */
export function packPlaces(places: Float64Array, size: number): Uint8Array {
  const width = size < 2 ? 0 : Math.ceil(Math.log2(size));
  const writer = new ByteWriter();
  writer.appendUint8(width);
  writeRleBitPackedHybrid(writer, places, width);
  return writer.getBytes();
}

/** RLE of ones and zeros. */
export function packBits(bits: Uint8Array | Float64Array): Uint8Array {
  const writer = new ByteWriter();
  writeRleBitPackedHybrid(writer, bits, 1);
  return writer.getBytes();
}

/** RLE of booleans as a page's values have it: with their length in bytes in front. */
export function packBooleans(bits: Float64Array): Uint8Array {
  const packed = packBits(bits);
  const writer = new ByteWriter(packed.length + 4);
  writer.appendUint32(packed.length);
  writer.appendBytes(packed);
  return writer.getBytes();
}

/** PLAIN: the values as they are. */
export function packPlain(values: Float64Array | string[], type: 'DOUBLE' | 'BYTE_ARRAY'): Uint8Array {
  const writer = new ByteWriter();
  writePlain(writer, values, type, undefined);
  return writer.getBytes();
}

function deltas(values: Int32Array | bigint[], type: 'INT32' | 'INT64'): Uint8Array {
  const writer = new ByteWriter(64 + 2 * values.length);
  deltaBinaryPack(writer, values, type);
  return writer.getBytes();
}

function bigInts(values: Float64Array): bigint[] {
  return Array.from(values, (value) => BigInt(Math.round(value)));
}

/** Puts another first value in the place of a zero, which is one byte behind the three counts of the header. */
function withFirst(first: number, packed: Uint8Array): Uint8Array {
  let at = 0;
  for (let counts = 0; counts < 3; counts += 1) {
    while ((packed[at] ?? 0) >= 0x80) at += 1;
    at += 1;
  }
  const writer = new ByteWriter(packed.length + 10);
  writer.appendBytes(packed.subarray(0, at));
  writer.appendZigZag(BigInt(first));
  writer.appendBytes(packed.subarray(at + 1));
  return writer.getBytes();
}
