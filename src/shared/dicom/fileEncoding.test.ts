import { describe, expect, it } from 'vitest';
import type { ElementEncoding } from './elementHeader.ts';
import { findFileEncoding } from './fileEncoding.ts';
import { joined } from './testing/compressedFixtures.ts';
import { ascii, BIG_ENDIAN, EXPLICIT, IMPLICIT, rawElement } from './testing/rawElements.ts';
import { transferSyntaxOf } from './transferSyntax.ts';

const uid = (text: string): Uint8Array =>
  Uint8Array.from(text.padEnd(text.length + (text.length % 2), '\0'), (c) => c.charCodeAt(0));
const preamble = joined([new Uint8Array(128), ascii('DICM')]);
const firstElement = (encoding: ElementEncoding): Uint8Array =>
  rawElement(0x00080060, 'CS', ascii('CT'), encoding);
const file = (stated: string, meta: ElementEncoding, dataSet: ElementEncoding): Uint8Array =>
  joined([
    preamble,
    rawElement(0x00020002, 'UI', uid('1.2.840.10008.5.1.4.1.1.2'), meta),
    rawElement(0x00020010, 'UI', uid(stated), meta),
    firstElement(dataSet),
  ]);

describe('findFileEncoding', () => {
  it.each([
    ['explicit', EXPLICIT],
    ['implicit', IMPLICIT],
    ['big-endian', BIG_ENDIAN],
  ])('reads a meta group that is %s', (_, meta) => {
    const bytes = file('1.2.840.113619.5.2', meta, IMPLICIT);
    expect(findFileEncoding(bytes)).toEqual({
      kind: 'dicom',
      transferSyntaxUid: '1.2.840.113619.5.2',
      dataSetOffset: bytes.length - firstElement(IMPLICIT).length,
      mediaStorageSopClassUid: '1.2.840.10008.5.1.4.1.1.2',
    });
  });

  it.each([
    ['implicit', IMPLICIT, '1.2.840.10008.1.2'],
    ['explicit', EXPLICIT, '1.2.840.10008.1.2.1'],
    ['big-endian', BIG_ENDIAN, '1.2.840.10008.1.2.2'],
  ])('believes a first element that is %s, whatever uncompressed syntax is stated', (_, seen, expected) => {
    for (const stated of ['1.2.840.10008.1.2', '1.2.840.10008.1.2.1', '1.2.840.10008.1.2.2', '']) {
      expect(findFileEncoding(file(stated, EXPLICIT, seen))).toMatchObject({ transferSyntaxUid: expected });
    }
  });

  it('says where a meta group is cut', () => {
    const bytes = file('1.2.840.10008.1.2.1', IMPLICIT, IMPLICIT);
    expect(findFileEncoding(bytes.subarray(0, 150)).kind).toBe('cut');
  });
});

describe('transferSyntaxOf', () => {
  it.each([
    ['1.2.840.113619.5.2', /private.*big.endian/i],
    ['1.2.840.10008.1.2.1.98', /Encapsulated Uncompressed/],
    ['1.2.840.10008.1.2.4.94', /JPIP/],
    ['1.2.840.10008.1.2.4.106', /HEVC|H\.265|1\.2\.840\.10008\.1\.2\.4\.106/],
    ['1.2.840.10008.1.2.4.110', /JPEG XL/],
    ['1.2.840.10008.1.2.8.1', /Deflated Image Frame/],
    ['1.3.6.1.4.1.99999.1', /1\.3\.6\.1\.4\.1\.99999\.1/],
  ])('names %s, which cannot be decoded', (syntax, name) => {
    expect(transferSyntaxOf(syntax)).toMatchObject({
      kind: 'undecodable',
      name: expect.stringMatching(name),
    });
  });
});
