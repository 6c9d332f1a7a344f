import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeMessage, encodeMessage } from './messageCodec.ts';

const there = (value: unknown): unknown => decodeMessage(encodeMessage(value));

/** A message with a head of one's own making. */
const withHead = (head: string | Uint8Array, tail: readonly number[] = []): Uint8Array => {
  const text = typeof head === 'string' ? new TextEncoder().encode(head) : head;
  const bytes = new Uint8Array(8 + text.length + tail.length);
  bytes.set([0x41, 0x55, 0x52, 0x43]);
  new DataView(bytes.buffer).setUint32(4, text.length, true);
  bytes.set(text, 8);
  bytes.set(tail, 8 + text.length);
  return bytes;
};

describe('messages as bytes', () => {
  it('keeps every kind of array, its values and its place', () => {
    const message = {
      crop: new Int16Array([-1024, 0, 3071]),
      labels: new Uint8Array([1, 0, 1]),
      nested: [{ positions: new Float32Array([0.5, -0, 1e-30]) }, new Uint32Array([4294967295])],
      others: [
        new Int8Array([-1]),
        new Uint8ClampedArray([255]),
        new Uint16Array([65535]),
        new Int32Array([-2147483648]),
        new Float64Array([Math.PI, Number.NaN]),
      ],
      empty: new Float32Array(0),
    };
    expect(there(message)).toEqual(message);
  });

  it('gives each array a buffer of its own, of its own length', () => {
    const big = new Float32Array(100);
    const answer = there([big.subarray(10, 12), big.subarray(20, 23)]) as Float32Array[];
    expect(answer.map(({ buffer, byteOffset }) => [buffer.byteLength, byteOffset])).toEqual([
      [8, 0],
      [12, 0],
    ]);
  });

  it('begins each array at a multiple of eight bytes', () => {
    for (let length = 0; length < 9; length++) {
      const bytes = encodeMessage([new Uint8Array(length).fill(7), new Float64Array([1])]);
      expect(bytes.length % 8).toBe(0);
      expect(new Float64Array(bytes.buffer, bytes.length - 8, 1)[0]).toBe(1);
    }
  });

  it('reads a message that begins anywhere in a larger buffer', () => {
    const message = { a: new Float64Array([1, 2]), b: 'text' };
    const bytes = encodeMessage(message);
    const larger = new Uint8Array(bytes.length + 6);
    larger.set(bytes, 3);
    expect(decodeMessage(larger.subarray(3, 3 + bytes.length))).toEqual(message);
  });

  it('keeps the numbers that JSON lacks, and keys that look like placeholders', () => {
    const message = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0];
    expect(there(message)).toEqual(message);
    const tricky = { $array: 0, $$array: { $number: 'NaN' }, $: 1 };
    expect(there(tricky)).toEqual(tricky);
  });

  it('leaves members out that are undefined', () => {
    expect(there({ a: undefined, b: 1 })).toStrictEqual({ b: 1 });
  });

  it('keeps a member named __proto__ a member', () => {
    const answer = there(JSON.parse('{"__proto__":{"polluted":true}}')) as object;
    expect(Object.keys(answer)).toEqual(['__proto__']);
    expect(Reflect.get(answer, 'polluted')).toBeUndefined();
  });

  it('returns any plain data as it was', () => {
    const leaf = fc.oneof(
      fc.string(),
      fc.boolean(),
      fc.constant(null),
      fc.double(),
      fc.int16Array(),
      fc.float32Array(),
      fc.uint8Array(),
    );
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof({ maxDepth: 4 }, leaf, fc.array(tie('tree')), fc.dictionary(fc.string(), tie('tree'))),
    }));
    fc.assert(
      fc.property(tree, (value) => {
        expect(there(value)).toEqual(value);
      }),
    );
  });

  const cycle: Record<string, unknown> = {};
  cycle.self = cycle;
  it.each(
    Object.entries<unknown>({
      'a function': () => 0,
      'a date': new Date(0),
      'a map': new Map(),
      'a class': new (class Thing {})(),
      'a cycle': cycle,
      'undefined in a list': [1, undefined],
      'a hole in a list': new Array(1),
      'a large integer': 1n,
      'a bare buffer': new ArrayBuffer(1),
      'a data view': new DataView(new ArrayBuffer(1)),
    }),
  )('refuses to send %s', (_what, value) => {
    expect(() => encodeMessage({ value })).toThrow(/sent/);
  });

  it.each(
    Object.entries<Uint8Array>({
      nothing: new Uint8Array(0),
      'other bytes': new Uint8Array(64).fill(1),
      'a head that is longer than all': withHead('{}').fill(255, 4, 8),
      'a head that is no JSON': withHead('{'),
      'a head that is not text': withHead(new Uint8Array([0xff, 0xfe])),
      'a head that is null': withHead('null'),
      'a head without arrays': withHead('{"value":1}'),
      'arrays that are not a list': withHead('{"value":1,"arrays":{}}'),
      'an array without a length': withHead('{"value":1,"arrays":[["Uint8Array"]]}'),
      'an array of negative length': withHead('{"value":1,"arrays":[["Uint8Array",-1]]}'),
      'an array of half a length': withHead('{"value":1,"arrays":[["Uint8Array",0.5]]}'),
      'an array that is longer than all': withHead('{"value":1,"arrays":[["Uint8Array",9007199254740991]]}'),
      'an array of an unknown kind': withHead('{"value":1,"arrays":[["constructor",0]]}'),
      'a placeholder without an array': withHead('{"value":{"$array":0},"arrays":[]}'),
      'a placeholder by a name': withHead('{"value":{"$array":"length"},"arrays":[]}'),
      'a placeholder with company': withHead('{"value":{"$number":"NaN","x":1},"arrays":[]}'),
      'a number that is none': withHead('{"value":{"$number":"constructor"},"arrays":[]}'),
      'bytes after its end': withHead('{"value":1,"arrays":[]}', [0]),
      'nesting without end': withHead(`{"value":${'['.repeat(100)}${']'.repeat(100)},"arrays":[]}`),
      'nesting that no parser bears': withHead('['.repeat(1_000_000)),
    }),
  )('refuses %s', (_what, bytes) => {
    expect(() => decodeMessage(bytes)).toThrow(/^A message is damaged: /);
  });

  it('reads or refuses any damage, and ends', () => {
    const whole = encodeMessage({
      a: [1, 'two'],
      crop: new Int16Array([1, 2, 3]),
      more: new Float32Array(2),
    });
    fc.assert(
      fc.property(fc.nat(whole.length), fc.nat(whole.length - 1), fc.nat(255), (length, at, byte) => {
        const bytes = whole.slice(0, length);
        if (at < length) bytes[at] = byte;
        try {
          decodeMessage(bytes);
        } catch (error) {
          expect(String(error)).toMatch(/A message is damaged: /);
        }
      }),
      { numRuns: 2000 },
    );
  });
});
