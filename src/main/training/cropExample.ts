import { addScaled, type Vec3 } from '#shared/geometry/vec3.ts';
import { createRandom, type Random } from '#shared/random/random.ts';
import { withoutUndefined } from '#shared/withoutUndefined.ts';
import {
  type AcquisitionSpacing,
  appendageBounds,
  buildScene,
  drawAcquisitionSpacing,
  type SceneOptions,
} from '../phantom/anatomy/index.ts';
import type { CropAcquisition } from '../phantom/renderCrop.ts';
import type { PhantomScene } from '../phantom/scene.ts';
import { planCrop, type ScenePlan, withoutShapes } from '../phantom/scenePlan.ts';
import type { FieldRecipe } from './recipe.ts';
import { trainingScene } from './trainingScene.ts';

/** A training crop, ready for the device; plain data. */
export interface CropExample {
  readonly kind: 'crop';
  readonly scene: PhantomScene;
  readonly plan: ScenePlan;
  readonly centreLpsMm: Vec3;
  readonly acquisition: CropAcquisition;
}

/** Where the cube of an example is centred: its appendage's middle, shifted at random. */
export function drawCentre(middleLpsMm: Vec3, shift: FieldRecipe['centreShift'], random: Random): Vec3 {
  if (!random.chance(shift.uniformShare)) {
    return addScaled(middleLpsMm, random.direction(), Math.abs(random.normal(0, shift.sdMm)));
  }
  const w = shift.uniformMm;
  return addScaled(middleLpsMm, [random.uniform(-w, w), random.uniform(-w, w), random.uniform(-w, w)], 1);
}

/** Chest CT as it is often kept: in the plane and across slices, mm. */
const THICK = { inPlaneMm: [0.6, 1], sliceMm: [2.4, 4] } as const;

/** The voxels of an example's scan: as its seed draws them, or thick for a share of the examples. */
function exampleSpacing({ variety, thickShare }: FieldRecipe, seed: number): AcquisitionSpacing {
  const random = createRandom(seed);
  const thick = random.fork('thick');
  if (thickShare === undefined || !thick.chance(thickShare)) {
    return drawAcquisitionSpacing(random.fork('spacing'), variety);
  }
  return { inPlaneMm: thick.uniform(...THICK.inPlaneMm), sliceMm: thick.uniform(...THICK.sliceMm) };
}

/** How the phantom of an example is drawn from its seed. */
export const sceneOptions = (recipe: FieldRecipe, seed: number): SceneOptions => ({
  detail: 'crop',
  spacing: exampleSpacing(recipe, seed),
  hard: recipe.hardShare !== undefined && createRandom(seed).fork('hard').chance(recipe.hardShare),
  ...withoutUndefined({ variety: recipe.variety }),
});

/** The n-th training crop of a recipe; `sceneOf` builds the phantom of a seed. */
export function cropExample(
  recipe: FieldRecipe,
  example: number,
  sceneOf: (seed: number) => PhantomScene = (seed) => buildScene(seed, sceneOptions(recipe, seed)),
): CropExample {
  const { seed, scene } = trainingScene(recipe.seed, example, sceneOf);
  const random = createRandom(seed).fork('crop');
  const spacing = exampleSpacing(recipe, seed);
  const centreLpsMm = drawCentre(appendageBounds(scene).centreLpsMm, recipe.centreShift, random);
  const acquisition: CropAcquisition = {
    spacingMm: [
      Math.max(spacing.inPlaneMm, recipe.finestScanMm.inPlane),
      Math.max(spacing.sliceMm, recipe.finestScanMm.slice),
    ],
    phase: [random.uniform(0, 1), random.uniform(0, 1), random.uniform(0, 1)],
  };
  const plan = planCrop(scene, { centreLpsMm, edgeMm: recipe.network.edgeMm }, acquisition);
  return { kind: 'crop', scene: withoutShapes(scene), plan, centreLpsMm, acquisition };
}
