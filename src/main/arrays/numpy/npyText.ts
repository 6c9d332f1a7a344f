import { UserError } from '#shared/errors.ts';
import { failure } from '#shared/failures/failure.ts';
import { npyBody, npyHeader, readNpyHeader } from './npyHeader.ts';

/** NumPy stores text as UTF-32 (`U`) or as bytes (`S`), each value padded with zeros to the longest. */
const BYTES_PER_CHARACTER: Readonly<Record<string, number>> = { U: 4, S: 1 };

/** The last code point of Unicode. */
const LAST_CODE_POINT = 0x10ffff;

/**
 * Reads an array of text of any shape, in the file's order.
 * @param name the file's base name, for messages
 * @throws UserError where the file is no array of text, is damaged or cut short
 */
export function readNpyText(bytes: Uint8Array, name: string): string[] {
  const header = readNpyHeader(bytes, name);
  const { dtype, shape, isBigEndian } = header;
  const perCharacter = BYTES_PER_CHARACTER[dtype[0] ?? ''];
  const count = shape.reduce((product, length) => product * length, 1);
  // An empty list has no type of its own: NumPy makes it one of numbers.
  if (count === 0) return [];
  if (perCharacter === undefined) throw new UserError(failure('numpy.not-text', { name, dtype }));
  const perValue = perCharacter * Number(dtype.slice(1));
  const body = npyBody(bytes, header, perValue, name);
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
  const codeAt = (at: number): number => (perCharacter === 4 ? view.getUint32(at, !isBigEndian) : body[at]!);
  const values: string[] = [];
  for (let start = 0; values.length < count; start += perValue) {
    let value = '';
    for (let at = start; at < start + perValue; at += perCharacter) {
      const code = codeAt(at);
      if (code > LAST_CODE_POINT) throw new UserError(failure('numpy.not-text', { name, dtype }));
      value += String.fromCodePoint(code);
    }
    values.push(value.replace(/\0+$/, ''));
  }
  return values;
}

/** Writes a list of text: what `numpy.save` writes of `numpy.array([…], dtype=str)`. */
export function writeNpyText(values: readonly string[]): Uint8Array {
  const characters = values.map((value) => [...value]);
  const longest = Math.max(1, ...characters.map(({ length }) => length));
  const header = npyHeader(`U${longest}`, [values.length]);
  const bytes = new Uint8Array(header.length + 4 * longest * values.length);
  bytes.set(header);
  const view = new DataView(bytes.buffer, header.length);
  characters.forEach((value, index) => {
    value.forEach((character, place) => {
      view.setUint32(4 * (longest * index + place), character.codePointAt(0)!, true);
    });
  });
  return bytes;
}
