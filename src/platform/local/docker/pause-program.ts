/*
 * A program that does nothing, forever: the container that holds an instance's network runs it. No image can be
 * relied on to have `sleep`, and none should have to be pulled, so this one is written here, byte by byte.
 */

interface Machine {
  /** e_machine of the ELF header. */
  readonly elf: number;
  readonly code: readonly number[];
}

const machines: Readonly<Record<string, Machine>> = {
  // again: push 34 (pause); pop rax; syscall; jmp again
  x86_64: { elf: 62, code: [0x6a, 0x22, 0x58, 0x0f, 0x05, 0xeb, 0xf9] },
  aarch64: {
    elf: 183,
    code: [
      // again: mov x0..x3, 0; mov w8, 73 (ppoll, which is pause with no descriptors and no time limit)
      [0xd2800000, 0xd2800001, 0xd2800002, 0xd2800003, 0x52800928],
      // svc 0; b again
      [0xd4000001, 0x17fffffa],
    ].flatMap((words) => words.flatMap((word) => [...littleEndian(word, 4)])),
  },
};

const headerBytes = 64 + 56;
const loadAddress = 0x40_0000;

/** The program for this architecture, as a static ELF file; null for others. */
export function pauseProgram(architecture: string): Uint8Array | null {
  const machine = machines[architecture];
  if (machine === undefined) return null;
  const size = headerBytes + machine.code.length;
  return Uint8Array.from([
    // ELF header: 64 bit, little endian, version 1, executable; one program header right behind it.
    ...[0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, ...new Array<number>(9).fill(0)],
    ...[...littleEndian(2, 2), ...littleEndian(machine.elf, 2), ...littleEndian(1, 4)],
    ...[...littleEndian(loadAddress + headerBytes, 8), ...littleEndian(64, 8), ...littleEndian(0, 8)],
    ...[0, 64, 56, 1, 64, 0, 0].flatMap((value, index) => [...littleEndian(value, index === 0 ? 4 : 2)]),
    // Program header: the whole file, readable and executable.
    ...[...littleEndian(1, 4), ...littleEndian(5, 4)],
    ...[0, loadAddress, loadAddress, size, size, 0x1_0000].flatMap((value) => [...littleEndian(value, 8)]),
    ...machine.code,
  ]);
}

/** A tar archive that holds one executable file. */
export function tarOf(name: string, content: Uint8Array): Uint8Array {
  const header = Buffer.alloc(512);
  header.write(name, 0);
  // Mode, owner, group, size, time: octal digits. The checksum counts its own field as spaces.
  for (const [value, at, digits] of [
    [0o755, 100, 7],
    [0, 108, 7],
    [0, 116, 7],
    [content.length, 124, 11],
    [0, 136, 11],
  ] as const)
    header.write(value.toString(8).padStart(digits, '0'), at);
  header.write('        0', 148);
  header.write('ustar\u000000', 257);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\u0000 `, 148);
  const padding = (512 - (content.length % 512)) % 512;
  return Buffer.concat([header, content, Buffer.alloc(padding + 1024)]);
}

function littleEndian(value: number, bytes: number): Uint8Array {
  return Uint8Array.from({ length: bytes }, (_, index) => Math.floor(value / 256 ** index) % 256);
}
