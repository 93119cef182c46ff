import fc from 'fast-check';

const lastCodePoint = 0x10ffff;
const isSurrogate = (code: number): boolean => code >= 0xd800 && code <= 0xdfff;

/** Every character that UTF-8 can write; fast-check's own `unit: 'binary'` takes a second to make. */
const anyCharacter = fc
  .oneof(fc.nat(0x7f), fc.nat(0xffff), fc.nat(lastCodePoint))
  .filter((code) => !isSurrogate(code))
  .map((code) => String.fromCodePoint(code));

export function anyText(minLength = 0, maxLength = 12): fc.Arbitrary<string> {
  return fc.array(anyCharacter, { minLength, maxLength }).map((characters) => characters.join(''));
}
