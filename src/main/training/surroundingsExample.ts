import { SURROUNDINGS_CENTRE_MM } from '#shared/anatomy/surroundings.ts';
import { add, type Vec3 } from '#shared/geometry/vec3.ts';
import { createRandom } from '#shared/random/random.ts';
import { withoutUndefined } from '#shared/withoutUndefined.ts';
import { type BoxLps, boxGridLps, cubeBox } from '../nudf/region/regionBlocks.ts';
import { appendageBounds, buildScene } from '../phantom/anatomy/index.ts';
import type { PhantomScene } from '../phantom/scene.ts';
import { planSurroundings, withoutShapes } from '../phantom/scenePlan.ts';
import { type BlockExample, drawScan } from './blockExample.ts';
import type { SurroundingsRecipe } from './recipe.ts';
import { trainingScene } from './trainingScene.ts';

/** A coarse cube for the network of the surroundings, ready for the device; plain data. */
export interface SurroundingsExample extends Omit<BlockExample, 'kind'> {
  readonly kind: 'surroundings';
  /** Whether neighbouring voxels across slices are to be averaged. */
  readonly isThick: boolean;
}

/** The n-th training cube of a recipe; `sceneOf` builds the phantom of a seed. */
export function surroundingsExample(
  recipe: SurroundingsRecipe,
  example: number,
  sceneOf: (seed: number) => PhantomScene = (seed) =>
    buildScene(seed, {
      detail: 'thorax',
      surroundings: true,
      ...withoutUndefined({ variety: recipe.variety }),
    }),
): SurroundingsExample {
  const { seed, scene } = trainingScene(recipe.seed, example, sceneOf);
  const random = createRandom(seed).fork('surroundings');
  const { centreLpsMm } = appendageBounds(scene);
  const w = recipe.shiftMm;
  const shift: Vec3 = [random.uniform(-w, w), random.uniform(-w, w), random.uniform(-w, w)];
  const cube = cubeBox(add(add(centreLpsMm, SURROUNDINGS_CENTRE_MM), shift), recipe.network.edgeMm);
  const isTruncated = random.chance(recipe.truncatedShare);
  const scan: BoxLps = isTruncated ? drawScan(centreLpsMm, random.chance(0.8), random) : cube;
  const grid = boxGridLps(cube, recipe.network.resolution);
  return {
    kind: 'surroundings',
    scene: withoutShapes(scene),
    plan: planSurroundings(scene, grid, recipe.network.structures),
    block: { grid, scan },
    noiseSdHu: random.uniform(0, 25),
    isThick: random.chance(recipe.thickShare),
  };
}
