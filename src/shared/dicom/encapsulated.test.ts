import { describe, expect, it } from 'vitest';
import { frameOfItems, frameRanges, pixelItems } from './encapsulated.ts';
import { encapsulatedElement } from './testing/compressedFixtures.ts';

/** Past the element's own header, where the parser stops. */
const itemsOf = (fragments: readonly number[][], table: readonly number[] = []): Uint8Array =>
  encapsulatedElement(
    fragments.map((fragment) => Uint8Array.from(fragment)),
    table,
  ).subarray(12);
const SOI = [0xff, 0xd8, 0xff, 0xf7];

describe('pixelItems', () => {
  it('finds the items, and ends at the delimiter or at the end of the bytes', () => {
    const bytes = itemsOf([
      [1, 2],
      [3, 4, 5, 6],
    ]);
    const items = [
      { from: 8, to: 8 },
      { from: 16, to: 18 },
      { from: 26, to: 30 },
    ];
    expect(pixelItems(bytes, 0)).toEqual(items);
    expect(pixelItems(bytes.subarray(0, -8), 0)).toEqual(items);
  });

  it('refuses items that reach beyond the bytes, and anything that is not an item', () => {
    const bytes = itemsOf([
      [1, 2],
      [3, 4, 5, 6],
    ]);
    for (const end of [29, 27, 20]) expect(pixelItems(bytes.subarray(0, end), 0)).toBeUndefined();
    const broken = bytes.slice();
    broken[8] = 7;
    expect(pixelItems(broken, 0)).toBeUndefined();
  });
});

describe('items of odd lengths', () => {
  const item = (bytes: readonly number[], padding: readonly number[]): number[] => [
    ...[0xfe, 0xff, 0x00, 0xe0, bytes.length, 0, 0, 0],
    ...bytes,
    ...padding,
  ];
  const delimiter = [0xfe, 0xff, 0xdd, 0xe0, 0, 0, 0, 0];

  it('are found, padded or not', () => {
    for (const padding of [[], [0]]) {
      const bytes = [item([], []), item([1, 2, 3], padding), item([4, 5, 6], padding), delimiter].flat();
      expect(Array.from(frameOfItems(Uint8Array.from(bytes), true)!)).toEqual([1, 2, 3, 4, 5, 6]);
    }
    // As pydicom writes them: one byte to make the sum even, behind the last item.
    const summed = [item([], []), item([1, 2, 3], []), item([4, 5], [0]), delimiter].flat();
    expect(Array.from(frameOfItems(Uint8Array.from(summed), true)!)).toEqual([1, 2, 3, 4, 5]);
  });
});

describe('items without an offset table', () => {
  it('are all fragments where the first begins a code stream', () => {
    const bytes = itemsOf([SOI, [1, 2]]).subarray(8);
    expect(Array.from(frameOfItems(bytes, true)!)).toEqual([...SOI, 1, 2]);
    expect(frameRanges(bytes, 0, 1)).toEqual([{ from: 0, to: 22 }]);
    const two = itemsOf([SOI, SOI]).subarray(8);
    expect(frameRanges(two, 0, 2)).toEqual([
      { from: 0, to: 12 },
      { from: 12, to: 24 },
    ]);
  });
});

describe('frameOfItems', () => {
  it('joins fragments and leaves the offset table out', () => {
    expect(
      Array.from(
        frameOfItems(
          itemsOf(
            [
              [1, 2],
              [3, 4],
            ],
            [0],
          ),
          true,
        )!,
      ),
    ).toEqual([1, 2, 3, 4]);
    expect(Array.from(frameOfItems(itemsOf([[1, 2]]).subarray(8), false)!)).toEqual([1, 2]);
    expect(frameOfItems(itemsOf([]), true)).toBeUndefined();
  });
});

describe('frameRanges', () => {
  const frames = (bytes: Uint8Array, count: number, extended?: readonly number[]) =>
    frameRanges(bytes, 0, count, extended)?.map(({ from, to }) =>
      Array.from(frameOfItems(bytes.subarray(from, to), false) ?? []),
    );

  it('takes one item a frame where there is no table', () => {
    expect(
      frames(
        itemsOf([
          [1, 2],
          [3, 4],
        ]),
        2,
      ),
    ).toEqual([
      [1, 2],
      [3, 4],
    ]);
    expect(
      frames(
        itemsOf([
          [1, 2],
          [3, 4],
        ]),
        1,
      ),
    ).toEqual([[1, 2, 3, 4]]);
  });

  it('follows the basic and the extended offset table', () => {
    const fragments = [
      [1, 2],
      [3, 4],
      [5, 6],
    ];
    const byTable = [
      [1, 2, 3, 4],
      [5, 6],
    ];
    expect(frames(itemsOf(fragments, [0, 20]), 2)).toEqual(byTable);
    expect(frames(itemsOf(fragments), 2, [0, 20])).toEqual(byTable);
  });

  it('separates frames by the beginnings of their code streams', () => {
    const bytes = itemsOf([SOI, [1, 2], SOI, [3, 4], [5, 6]]);
    expect(frames(bytes, 2)).toEqual([
      [...SOI, 1, 2],
      [...SOI, 3, 4, 5, 6],
    ]);
  });

  it('refuses tables that contradict the items or the number of frames', () => {
    const fragments = [
      [1, 2],
      [3, 4],
      [5, 6],
    ];
    expect(frames(itemsOf(fragments, [0, 10]), 3)).toBeUndefined();
    expect(frames(itemsOf(fragments, [0, 11, 20]), 3)).toBeUndefined();
    expect(frames(itemsOf(fragments, [0, 20, 10]), 3)).toBeUndefined();
    expect(frames(itemsOf(fragments), 2)).toBeUndefined();
    expect(frames(itemsOf([]), 1)).toBeUndefined();
  });
});
