import { describe, expect, it } from 'vitest';
import { familySpec } from './familySpec.ts';
import { familyLayout, nearestFamily, recognizeFamily } from './familyWeights.ts';

const shapes = new Map(
  familyLayout(familySpec('ShapeNet128Vox', { outputs: 2 }), ['0', '1', '2', '3']).map(
    ({ torchName, torchShape }) => [torchName, torchShape] as const,
  ),
);

describe('a state dictionary', () => {
  it('is recognised by names and shapes, from several GPUs too', () => {
    expect(recognizeFamily(shapes, true)?.spec).toMatchObject({ name: 'ShapeNet128Vox', outputs: 2 });
    const parallel = recognizeFamily(
      new Map([...shapes].map(([name, shape]) => [`module.${name}`, shape])),
      true,
    );
    expect(parallel?.torchKey('fc_0.bias')).toBe('module.fc_0.bias');
  });

  it('of no network of the family is compared with the nearest', () => {
    const other = new Map([...shapes, ['extra.weight', [2]], ['fc_0.bias', [7]]] as const);
    other.delete('fc_1.weight');
    expect(recognizeFamily(other, true)).toBeUndefined();
    expect(nearestFamily(other)).toEqual({
      nearest: 'ShapeNet128Vox',
      misfits: ['fc_0.bias', 'extra.weight', 'fc_1.weight'],
    });
  });
});
