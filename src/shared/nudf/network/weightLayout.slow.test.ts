import { describe, expect, it } from 'vitest';
import { FIELD_128, REGION_64 } from './networkSpec.ts';
import {
  assertWeightsFit,
  featureCount,
  initializeWeights,
  parameterCount,
  pyramidResolutions,
  weightLayout,
} from './weightLayout.ts';

describe('the layout of the weights', () => {
  it('has the size of ShapeNet128Vox', () => {
    expect(featureCount(FIELD_128)).toBe(369);
    expect(pyramidResolutions(FIELD_128)).toEqual([128, 128, 64, 32, 16, 8]);
    expect(parameterCount(FIELD_128) / 1e6).toBeCloseTo(2.55, 2);
  });

  it('joins skip and upsampled channels in the region network', () => {
    const entry = weightLayout(REGION_64).find(({ name }) => name === 'up.0.0.kernel');
    expect(entry?.shape).toEqual([3, 3, 3, 16 + 32, 16]);
  });

  it('starts the same from the same seed, otherwise from another', () => {
    const first = initializeWeights(REGION_64, 5);
    expect([...initializeWeights(REGION_64, 5)]).toEqual([...first]);
    const name = 'down.1.0.kernel';
    expect(initializeWeights(REGION_64, 6).get(name)!.data).not.toEqual(first.get(name)!.data);
  });

  it('draws kernels with the variance 2 over fan-in, scales one, biases zero', () => {
    const weights = initializeWeights(REGION_64, 1);
    const kernel = weights.get('up.1.0.kernel')!.data;
    const variance = kernel.reduce((sum, value) => sum + value * value, 0) / kernel.length;
    // Cutting a Gaussian at three standard deviations leaves 0.973 of its variance.
    expect(variance / (2 / (27 * (32 + 64)))).toBeCloseTo(0.973, 1);
    expect(weights.get('up.1.0.scale')!.data.every((value) => value === 1)).toBe(true);
    expect(weights.get('up.1.0.bias')!.data.every((value) => value === 0)).toBe(true);
  });

  it('refuses weights of another network', () => {
    const weights = initializeWeights(REGION_64, 1);
    expect(() => assertWeightsFit(REGION_64, weights)).not.toThrow();
    expect(() => assertWeightsFit(FIELD_128, weights)).toThrow(/lack "encoder\.0\.0\.kernel"/);
    const wrong = new Map(weights).set('head.bias', { shape: [2], data: new Float32Array(2) });
    expect(() => assertWeightsFit(REGION_64, wrong)).toThrow(/has shape \[2\], not \[1\]/);
    const infinite = new Map(weights).set('head.bias', { shape: [1], data: new Float32Array([Number.NaN]) });
    expect(() => assertWeightsFit(REGION_64, infinite)).toThrow(/not finite/);
    const more = new Map(weights).set('more', { shape: [1], data: new Float32Array(1) });
    expect(() => assertWeightsFit(REGION_64, more)).toThrow(/holds/);
  });
});
