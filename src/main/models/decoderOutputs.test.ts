import { describe, expect, it } from 'vitest';
import type { FieldNetworkSpec } from '#shared/nudf/network/networkSpec.ts';
import { assertWeightsFit, initializeWeights, outputCount } from '#shared/nudf/network/weightLayout.ts';
import { withMoreOutputs, withoutLandmarks } from './decoderOutputs.ts';

const plain: FieldNetworkSpec = {
  kind: 'nudf-dual',
  resolution: 8,
  edgeMm: 70,
  clipHu: 1000,
  levels: [{ pool: 1, channels: [8] }],
  normGroups: 4,
  offsetMm: 2.5,
  hidden: [5],
  unitMm: 5,
};
const pointing: FieldNetworkSpec = { ...plain, landmarks: ['leftSuperiorVeinRidge', 'leftCircumflex'] };

const volume = {
  kind: 'surroundings-unet',
  resolution: 8,
  edgeMm: 96,
  reachMm: 14,
  clipHu: 1000,
  channels: [4, 8],
  normGroups: 4,
} as const;

describe('the outputs of a decoder', () => {
  it('are two fields, and three more for each landmark', () => {
    expect(outputCount(plain)).toBe(2);
    expect(outputCount(pointing)).toBe(8);
  });

  it('keep the fields when landmarks are added and taken away again', () => {
    const weights = initializeWeights(plain, 1);
    const more = withMoreOutputs(pointing, weights, 2);
    assertWeightsFit(pointing, more);
    const [kernel, wide] = [weights.get('decoder.1.kernel')!, more.get('decoder.1.kernel')!];
    for (let row = 0; row < 5; row++) {
      expect(wide.data.subarray(8 * row, 8 * row + 2)).toEqual(kernel.data.subarray(2 * row, 2 * row + 2));
    }
    expect(wide.data.some((value, at) => at % 8 >= 2 && value !== 0)).toBe(true);
    const back = withoutLandmarks(pointing, more);
    expect(back.spec).toEqual(plain);
    expect(back.weights).toEqual(weights);
  });

  it('keep their structures when a network of the surroundings learns another', () => {
    const four = { ...volume, structures: ['leftAtrium', 'circumflex'] } as const;
    const five = { ...volume, structures: ['leftAtrium', 'circumflex', 'interatrialSeptum'] } as const;
    const weights = initializeWeights(four, 1);
    const more = withMoreOutputs(five, weights, 2);
    assertWeightsFit(five, more);
    const [narrow, wide] = [[...weights.values()].at(-2)!.data, [...more.values()].at(-2)!.data];
    expect(wide.length).toBe((narrow.length / 2) * 3);
    for (let row = 0; row < narrow.length / 2; row++) {
      expect(wide.subarray(3 * row, 3 * row + 2)).toEqual(narrow.subarray(2 * row, 2 * row + 2));
    }
  });

  it('stay as they are where there is nothing to change', () => {
    const weights = initializeWeights(pointing, 1);
    expect(withMoreOutputs(pointing, weights, 2)).toEqual(weights);
    const fields = initializeWeights(plain, 1);
    expect(withoutLandmarks(plain, fields)).toEqual({ spec: plain, weights: fields });
  });
});
