import { Buffer } from 'node:buffer';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MultipartError, parseContentType, readMultipart } from './multipart.ts';

const bytes = (text: string): Buffer => Buffer.from(text, 'latin1');

/** The content in pieces that end at the given places. */
async function* inPieces(content: Uint8Array, ends: readonly number[]): AsyncGenerator<Uint8Array> {
  let from = 0;
  for (const end of [...new Set(ends.map((one) => one % (content.length + 1))), content.length].sort(
    (a, b) => a - b,
  )) {
    yield content.subarray(from, end);
    from = end;
  }
}

async function partsOf(pieces: AsyncIterable<Uint8Array>, boundary = 'B'): Promise<[string, string][]> {
  const parts: [string, string][] = [];
  for await (const { mediaType, body } of readMultipart(pieces, boundary)) {
    const content: Uint8Array[] = [];
    for await (const piece of body) content.push(piece.slice());
    parts.push([mediaType, Buffer.concat(content).toString('latin1')]);
  }
  return parts;
}
const whole = (text: string, boundary?: string) => partsOf(inPieces(bytes(text), []), boundary);
const kindOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'read',
    (thrown) => (thrown instanceof MultipartError ? thrown.kind : String(thrown)),
  );

const TWO = [
  'A preamble.\r\n--B\r\nContent-Type: application/dicom; transfer-syntax=1.2\r\nX: y\r\n\r\none',
  '\r\n--B  \r\ncontent-type: Application/DICOM\r\n\r\ntw\r\n--Bo\r\n--\r\n-',
  '\r\n--B--\r\nAn epilogue.',
].join('');
const TWO_PARTS = [
  ['application/dicom', 'one'],
  ['application/dicom', 'tw\r\n--Bo\r\n--\r\n-'],
];

describe('readMultipart', () => {
  it('reads the parts wherever the pieces end, also within boundaries and headers', async () => {
    expect(await whole(TWO)).toEqual(TWO_PARTS);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(TWO.length), { maxLength: 12 }), async (ends) => {
        expect(await partsOf(inPieces(bytes(TWO), ends))).toEqual(TWO_PARTS);
      }),
      { seed: 1, numRuns: 200 },
    );
    const everyByte = Array.from({ length: TWO.length }, (_, at) => at);
    expect(await partsOf(inPieces(bytes(TWO), everyByte))).toEqual(TWO_PARTS);
  });

  it('gives back any bytes that do not hold the boundary', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), fc.array(fc.nat(400)), async (content, ends) => {
        const body = Buffer.concat([bytes('--B\r\n\r\n'), content, bytes('\r\n--B--')]);
        fc.pre(!Buffer.from(content).includes('--B'));
        expect(await partsOf(inPieces(body, ends))).toEqual([['', Buffer.from(content).toString('latin1')]]);
      }),
      { seed: 2, numRuns: 100 },
    );
  });

  it('skips what a caller does not read of a part', async () => {
    const types: string[] = [];
    for await (const { mediaType, body } of readMultipart(inPieces(bytes(TWO), [3, 90, 150]), 'B')) {
      types.push(mediaType);
      for await (const _ of body) break;
    }
    expect(types).toHaveLength(2);
    types.length = 0;
    for await (const { mediaType } of readMultipart(inPieces(bytes(TWO), []), 'B')) types.push(mediaType);
    expect(types).toHaveLength(2);
  });

  it('reports a body that ends early, wherever that is', async () => {
    const end = TWO.indexOf('\r\n--B--');
    for (let length = 0; length < end + '\r\n--B--'.length; length++)
      expect(await kindOf(whole(TWO.slice(0, length))), `${length} bytes`).toBe('cut');
    expect(await kindOf(whole('<html>Log in</html>'))).toBe('cut');
  });

  it('refuses a header without end, and holds no more than a piece of a large body', async () => {
    expect(await kindOf(whole(`--B\r\nX: ${'y'.repeat(40_000)}\r\n\r\none\r\n--B--`))).toBe('damaged');
    async function* large(): AsyncGenerator<Uint8Array> {
      yield bytes('--B\r\n\r\n');
      for (let piece = 0; piece < 64; piece++) yield Buffer.alloc(2 ** 16);
      yield bytes('\r\n--B--');
    }
    let largest = 0;
    let length = 0;
    for await (const { body } of readMultipart(large(), 'B'))
      for await (const piece of body) {
        largest = Math.max(largest, piece.length);
        length += piece.length;
      }
    expect(length).toBe(64 * 2 ** 16);
    expect(largest).toBeLessThanOrEqual(2 ** 16 + 16);
  });
});

describe('parseContentType', () => {
  it('reads parameters with and without quotes', () => {
    const { mediaType, parameters } = parseContentType(
      'Multipart/Related; type="application/dicom"; Boundary="a;b\\"c" ; x=1',
    );
    expect(mediaType).toBe('multipart/related');
    expect([...parameters]).toEqual([
      ['type', 'application/dicom'],
      ['boundary', 'a;b"c'],
      ['x', '1'],
    ]);
    expect(parseContentType('').mediaType).toBe('');
  });
});
