import type { FamilySpec } from '#shared/nudf/family/familySpec.ts';
import { familyLayout, fromTorchOrder } from '#shared/nudf/family/familyWeights.ts';
import type { WeightArray, WeightMap } from '#shared/nudf/network/weightLayout.ts';

/** `count` numbers in [−0.5, 0.5) for a name, the same as `uniform` in family.py gives. */
export function formulaNumbers(name: string, count: number): Float32Array {
  let seed = 0;
  for (const character of name) seed = (Math.imul(seed, 31) + character.charCodeAt(0)) >>> 0;
  const numbers = new Float32Array(count);
  for (let index = 0; index < count; index++) {
    let mixed = Math.imul(index + seed, 2654435761) >>> 0;
    mixed = (mixed ^ (mixed >>> 15)) >>> 0;
    mixed = Math.imul(mixed, 2246822519) >>> 0;
    mixed = (mixed ^ (mixed >>> 13)) >>> 0;
    numbers[index] = mixed / 2 ** 32 - 0.5;
  }
  return numbers;
}

export const LEVEL_NAMES: Readonly<Record<FamilySpec['name'], readonly string[]>> = {
  ShapeNet64Vox: ['0', '1', '2'],
  ShapeNet128Vox: ['0', '1', '2', '3'],
  ShapeNet256Vox: ['a', '0', '1', '2', '3'],
  ShapeNet512Vox: ['a', '0', '1', '2', '3'],
};

/** A weight in PyTorch's order, as family.py fills it. */
export function torchFormula(torchName: string, torchShape: readonly number[]): Float32Array {
  const count = torchShape.reduce((product, length) => product * length, 1);
  const values = formulaNumbers(torchName, count);
  if (/running_var$|bn\.weight$/.test(torchName)) return values.map((value) => 1 + value);
  if (torchShape.length < 2) return values;
  const factor = Math.fround(Math.sqrt((24 * torchShape[0]!) / count));
  return values.map((value) => value * factor);
}

/** The weights that family.py fills its networks with. */
export function formulaWeights(spec: FamilySpec): WeightMap {
  const weights = new Map<string, WeightArray>();
  for (const { name, shape, torchName, torchShape } of familyLayout(spec, LEVEL_NAMES[spec.name])) {
    weights.set(name, { shape, data: fromTorchOrder(torchFormula(torchName, torchShape), torchShape) });
  }
  return weights;
}
