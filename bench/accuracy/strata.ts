import { wideHeart } from '#main/phantom/anatomy/wideVariety.ts';
import type { PhantomScene } from '#main/phantom/scene.ts';
import { length, subtract } from '#shared/geometry/vec3.ts';
import { createRandom } from '#shared/random/random.ts';

/** What of a phantom and its scan an error may depend on. */
export interface Stratum {
  readonly slices: string;
  readonly noise: string;
  readonly contrast: string;
  readonly motion: string;
  readonly vein: string;
  readonly tissue: string;
  readonly form: string;
}

const between = (value: number, limits: readonly number[], unit: string): string => {
  const at = limits.findIndex((limit) => value < limit);
  if (at === 0) return `below ${limits[0]} ${unit}`;
  return at < 0
    ? `${limits[limits.length - 1]} ${unit} and more`
    : `${limits[at - 1]} to ${limits[at]} ${unit}`;
};

/** The strata of a phantom of wide variety. */
export function strataOf(scene: PhantomScene, sliceMm: number): Stratum {
  const hu = scene.tissues.find(({ name }) => name === 'leftAtrium')?.hu.baseHu ?? Number.NaN;
  const shifts = scene.acquisition.motion?.shiftsLpsMm;
  const reachMm = shifts ? length(subtract(shifts[shifts.length - 1]!, shifts[0]!)) : 0;
  const { beside } = wideHeart(createRandom(scene.seed).fork('wide'));
  const has = (name: RegExp): boolean => scene.tissues.some((tissue) => name.test(tissue.name));
  return {
    slices: between(sliceMm, [1, 2, 3], 'mm'),
    noise: between(scene.acquisition.noiseSdHu, [15, 30, 45], 'HU'),
    contrast: between(hu, [200, 350, 500], 'HU'),
    motion: reachMm === 0 ? 'none' : between(reachMm, [2.5], 'mm'),
    vein: beside ? (beside.over > 0 ? 'over the roof' : 'along it') : 'apart',
    tissue: has(/^(fold|roofMuscle)/) ? 'thin, at its ends' : 'none',
    form: scene.appendage.morphology,
  };
}

/** What came of one scan: a line of the file that --rows names. */
export interface AccuracyRow {
  readonly seed: number;
  readonly stratum: Stratum;
  /** Missing where the scan was refused. */
  readonly numbers?: Readonly<Record<string, number>>;
  /** Why. */
  readonly refused?: string;
}
