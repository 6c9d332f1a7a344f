import { describe, expect, it } from 'vitest';
import { parseElements } from './dataElements.ts';
import type { ElementEncoding } from './elementHeader.ts';
import { joined } from './testing/compressedFixtures.ts';
import { ascii, BIG_ENDIAN, EXPLICIT, IMPLICIT, rawElement, rawSequence } from './testing/rawElements.ts';

const ROWS = 0x00280010;
const rows = (encoding: ElementEncoding = EXPLICIT): Uint8Array =>
  rawElement(ROWS, 'US', encoding.bigEndian ? Uint8Array.of(1, 2) : Uint8Array.of(2, 1), encoding);
const rowsOf = (bytes: Uint8Array, encoding = EXPLICIT): number | undefined =>
  parseElements(bytes, 0, encoding).elements.uint16('x00280010');

describe('parseElements', () => {
  it.each(['OB', 'OD', 'OF', 'OL', 'OV', 'OW', 'SV', 'UC', 'UN', 'UR', 'UT', 'UV'])(
    'reads what follows an element of %s, here and in items, in both byte orders',
    (vr) => {
      for (const encoding of [EXPLICIT, BIG_ENDIAN]) {
        const before = rawElement(0x00091002, vr, new Uint8Array(8), encoding);
        expect(rowsOf(joined([before, rows(encoding)]), encoding)).toBe(258);
        const inItem = rawSequence(0x00081140, 'SQ', joined([before, rows(encoding)]), { outer: encoding });
        const { elements } = parseElements(joined([inItem, rows(encoding)]), 0, encoding);
        expect(elements.items('x00081140')[0]?.uint16('x00280010')).toBe(258);
        expect(elements.uint16('x00280010')).toBe(258);
      }
    },
  );

  it('reads the values of an OV element', () => {
    const value = new Uint8Array(16);
    new DataView(value.buffer).setBigUint64(8, 70_000_000_000n, true);
    const { elements } = parseElements(rawElement(0x7fe00001, 'OV', value), 0, EXPLICIT);
    expect(elements.uint64s('x7fe00001')).toEqual([0, 70_000_000_000]);
  });

  it.each([EXPLICIT, BIG_ENDIAN])('reads floating-point values of 32 and 64 bits (%j)', (encoding) => {
    for (const [vr, size] of [
      ['FL', 4],
      ['FD', 8],
    ] as const) {
      const view = new DataView(new ArrayBuffer(size));
      const isLittle = !encoding.bigEndian;
      if (size === 4) view.setFloat32(0, 37.5, isLittle);
      else view.setFloat64(0, 37.5, isLittle);
      const element = rawElement(0x00209241, vr, new Uint8Array(view.buffer), encoding);
      expect(parseElements(element, 0, encoding).elements.float('x00209241')).toBe(37.5);
    }
  });

  it('reads floating-point numbers where text belongs, by their label, and text whatever its label', () => {
    const read = (vr: string, value: Uint8Array): number[] =>
      parseElements(rawElement(0x00281053, vr, value), 0, EXPLICIT).elements.decimals('x00281053');
    expect(read('FD', new Uint8Array(Float64Array.of(0.5, -1024).buffer))).toEqual([0.5, -1024]);
    expect(read('FD', new Uint8Array(8))).toEqual([0]);
    expect(read('FL', new Uint8Array(Float32Array.of(0.4).buffer))).toEqual([0.4]);
    expect(read('FD', ascii('1.000000'))).toEqual([1]);
    expect(read('DS', new Uint8Array(Float64Array.of(0.5).buffer))).toEqual([Number.NaN]);
  });

  it('takes representations of the future for long ones, and those of no standard for short ones', () => {
    const future = Uint8Array.from([9, 0, 2, 16, 90, 90, 0, 0, 4, 0, 0, 0, 1, 2, 3, 4]);
    expect(rowsOf(joined([future, rows()]))).toBe(258);
    const invented = Uint8Array.from([9, 0, 2, 16, 90, 90, 4, 0, 1, 2, 3, 4]);
    expect(rowsOf(joined([invented, rows()]))).toBe(258);
    const nameless = Uint8Array.from([9, 0, 2, 16, 0, 0, 4, 0, 1, 2, 3, 4]);
    expect(rowsOf(joined([nameless, rows()]))).toBe(258);
  });

  it('reads elements without a representation among explicit ones', () => {
    const empty = rawElement(0x00180050, '', new Uint8Array(0), IMPLICIT);
    const voltage = rawElement(0x00180060, '', ascii('120'), IMPLICIT);
    const sequence = rawSequence(0x00081140, '', rows(IMPLICIT), { outer: IMPLICIT, open: true });
    const { elements, complete } = parseElements(joined([sequence, empty, voltage, rows()]), 0, EXPLICIT);
    expect(complete).toBe(true);
    expect(elements.items('x00081140')[0]?.uint16('x00280010')).toBe(258);
    expect([elements.text('x00180050'), elements.text('x00180060')]).toEqual(['', '120']);
    expect(elements.uint16('x00280010')).toBe(258);
  });

  describe.each([
    ['closed', false],
    ['open', true],
  ])('finds the items of a sequence of %s length', (_, open) => {
    it.each([
      ['SQ with explicit items', 'SQ', EXPLICIT, EXPLICIT, EXPLICIT],
      ['SQ with implicit items', 'SQ', EXPLICIT, EXPLICIT, IMPLICIT],
      ['UN with implicit items', 'UN', EXPLICIT, IMPLICIT, IMPLICIT],
      ['UN with explicit items', 'UN', EXPLICIT, EXPLICIT, EXPLICIT],
      ['UN in big endian with implicit items', 'UN', BIG_ENDIAN, IMPLICIT, IMPLICIT],
      ['SQ in big endian', 'SQ', BIG_ENDIAN, BIG_ENDIAN, BIG_ENDIAN],
      ['a sequence without representation', '', IMPLICIT, IMPLICIT, IMPLICIT],
    ])('%s', (__, vr, outer, item, inner) => {
      // Nested twice: an inner sequence of the same kind as the outer one.
      const innerVr = inner.explicitVr ? 'SQ' : '';
      const innermost = rawSequence(0x00209116, innerVr, rows(inner), { outer: inner, open });
      const content = joined([innermost, rawElement(0x00280011, 'US', Uint8Array.of(7, 0), inner)]);
      const sequence = rawSequence(0x52009229, vr, content, { outer, item, open });
      const bytes = joined([sequence, rawElement(0x60000010, 'US', Uint8Array.of(5, 0), outer)]);
      const { elements, complete } = parseElements(bytes, 0, outer);
      expect(complete).toBe(true);
      expect(elements.has('x60000010')).toBe(true);
      const [found, ...others] = elements.items('x52009229');
      expect(others).toEqual([]);
      expect(found?.items('x00209116')[0]?.uint16('x00280010')).toBe(258);
    });
  });

  it('finds no items in an unknown element that holds something else', () => {
    const bytes = joined([rawElement(0x52009229, 'UN', ascii('no items here')), rows()]);
    const { elements } = parseElements(bytes, 0, EXPLICIT);
    expect(elements.items('x52009229')).toEqual([]);
    expect(elements.uint16('x00280010')).toBe(258);
  });

  it('keeps what came before damage, and says that it is not complete', () => {
    const cut = joined([rows(), rawElement(0x00091002, 'UT', ascii('abc'), EXPLICIT, 5000)]);
    const { elements, complete } = parseElements(cut, 0, EXPLICIT);
    expect([elements.uint16('x00280010'), complete]).toEqual([258, false]);
    const noDelimiter = rawSequence(0x00081140, 'SQ', rows(), { open: true }).subarray(0, -8);
    expect(parseElements(noDelimiter, 0, EXPLICIT).complete).toBe(false);
  });

  it('stops at the pixel data and says how it is written', () => {
    const bytes = joined([rows(), rawElement(0x7fe00010, 'OW', new Uint8Array(6))]);
    const { pixelData } = parseElements(bytes, 0, EXPLICIT).elements;
    expect(pixelData).toEqual({ vr: 'OW', offset: bytes.length - 6, length: 6, undefinedLength: false });
  });
});
