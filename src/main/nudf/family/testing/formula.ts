import type { WeightArray, WeightMap } from '../../network/weightLayout.ts';
import type { FamilySpec } from '../familySpec.ts';
import { familyLayout, fromTorchOrder } from '../familyWeights.ts';

/** `count` numbers in [−0.5, 0.5) for a name, the same as `uniform` in family.py gives. */
export function formulaNumbers(name: string, count: number): Float32Array {
  let seed = 0;
  for (const character of name) seed = (Math.imul(seed, 31) + character.charCodeAt(0)) >>> 0;
  return Float32Array.from({ length: count }, (_, index) => {
    let mixed = Math.imul(index + seed, 2654435761) >>> 0;
    mixed = (mixed ^ (mixed >>> 15)) >>> 0;
    mixed = Math.imul(mixed, 2246822519) >>> 0;
    mixed = (mixed ^ (mixed >>> 13)) >>> 0;
    return mixed / 2 ** 32 - 0.5;
  });
}

const LEVEL_NAMES: Readonly<Record<FamilySpec['name'], readonly string[]>> = {
  ShapeNet64Vox: ['0', '1', '2'],
  ShapeNet128Vox: ['0', '1', '2', '3'],
  ShapeNet256Vox: ['a', '0', '1', '2', '3'],
  ShapeNet512Vox: ['a', '0', '1', '2', '3'],
};

/** The weights that family.py fills its networks with. */
export function formulaWeights(spec: FamilySpec): WeightMap {
  const weights = new Map<string, WeightArray>();
  for (const { name, shape, torchName, torchShape } of familyLayout(spec, LEVEL_NAMES[spec.name])) {
    const count = torchShape.reduce((product, length) => product * length, 1);
    let values = formulaNumbers(torchName, count);
    if (/running_var$|bn\.weight$/.test(torchName)) values = values.map((value) => 1 + value);
    else if (torchShape.length > 1) {
      const fanIn = count / torchShape[0]!;
      const factor = Math.fround(Math.sqrt(24 / fanIn));
      values = values.map((value) => value * factor);
    }
    weights.set(name, { shape, data: fromTorchOrder(values, torchShape) });
  }
  return weights;
}
