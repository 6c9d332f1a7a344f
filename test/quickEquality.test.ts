import { describe, expect, it } from 'vitest';

describe('the equality of typed arrays in tests', () => {
  it('is that of their numbers, wherever they are held', () => {
    const held = (numbers: Float32Array) => ({ weights: new Map([['a', { data: numbers }]]) });
    expect(held(Float32Array.of(1, Number.NaN))).toEqual(held(Float32Array.of(1, Number.NaN)));
    expect(held(Float32Array.of(1, 2))).not.toEqual(held(Float32Array.of(1, 3)));
    expect(Float32Array.of(1, 2)).toStrictEqual(Float32Array.of(1, 2));
  });

  it('tells zeros, lengths and types apart', () => {
    expect(Float32Array.of(0)).not.toEqual(Float32Array.of(-0));
    expect(Uint8Array.of(1)).not.toEqual(Uint8Array.of(1, 0));
    expect(Uint8Array.of(1)).not.toEqual(Int8Array.of(1));
  });
});
