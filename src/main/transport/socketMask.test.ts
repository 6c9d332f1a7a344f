import { expect, it } from 'vitest';
import { mask, unmask } from './socketMask.ts';

const MASK = Uint8Array.of(0x37, 0xfa, 0x21, 0x3d);

it('takes away the mask of the example of RFC 6455, 5.7', () => {
  const hello = Uint8Array.of(0x7f, 0x9f, 0x4d, 0x51, 0x58);
  unmask(hello, MASK);
  expect(new TextDecoder().decode(hello)).toBe('Hello');
});

it('masks each byte by its own of the mask, wherever in memory and however long the data are', () => {
  for (const from of [0, 1, 2, 3])
    for (const length of [0, 1, 2, 3, 4, 5, 30, 31, 32, 33]) {
      const memory = Uint8Array.from({ length: 40 }, (_, at) => (7 * at) % 256);
      const before = memory.slice();
      unmask(memory.subarray(from, from + length), MASK);
      const expected = before.map((value, at) =>
        at >= from && at < from + length ? value ^ MASK[(at - from) % 4]! : value,
      );
      expect(memory, `${length} from ${from}`).toEqual(expected);
    }
});

it('masks into another place what a client sends, and leaves the rest there', () => {
  const source = Uint8Array.from({ length: 20 }, (_, at) => at);
  const output = new Uint8Array(20).fill(255);
  mask(source, MASK, output, 3, 9);
  unmask(output.subarray(3, 12), MASK);
  expect([...output]).toEqual([255, 255, 255, 0, 1, 2, 3, 4, 5, 6, 7, 8, ...new Array(8).fill(255)]);
});
