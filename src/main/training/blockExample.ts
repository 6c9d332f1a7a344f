import { type GridLps, ijkToLps } from '#shared/geometry/gridLps.ts';
import { add, perAxis, scale, type Vec3 } from '#shared/geometry/vec3.ts';
import { createRandom, type Random } from '#shared/random/random.ts';
import { withoutUndefined } from '#shared/withoutUndefined.ts';
import { TURNS, type Turn } from '../nudf/region/recognition.ts';
import { type BoxLps, boxGridLps, cubeBox, ZOOM_EDGE_MM } from '../nudf/region/regionBlocks.ts';
import { appendageBounds, buildScene } from '../phantom/anatomy/index.ts';
import type { PhantomScene } from '../phantom/scene.ts';
import { planBlock, type ScenePlan, withoutShapes } from '../phantom/scenePlan.ts';
import { withoutAppendage } from '../phantom/withoutAppendage.ts';
import type { RegionRecipe } from './recipe.ts';
import { trainingScene } from './trainingScene.ts';

/** A coarse block for the region network, ready for the device; plain data. */
export interface BlockExample {
  readonly kind: 'block';
  readonly scene: PhantomScene;
  readonly plan: ScenePlan;
  readonly block: DrawnBlock;
  readonly noiseSdHu: number;
}

/** The part of the patient that a scan shows, and the block of it that the network gets. */
export interface DrawnBlock {
  readonly grid: GridLps;
  /** The scan; what of the block lies outside is air. */
  readonly scan: BoxLps;
  /** How the block is turned against the patient: then there is nothing to find in it. */
  readonly turn?: Turn;
  /** Whether fat lies in the appendage's place: then there is nothing to find either. */
  readonly isRemoved?: boolean;
}

type BlockRecipe = Pick<
  RegionRecipe,
  'network' | 'zoomShare' | 'zoomShiftMm' | 'absentShare' | 'turnedShare'
>;

/**
 * A scan as hospitals make them, the appendage inside: cardiac (160–260 mm wide, 100–200 mm high) or chest (300–500 mm,
 * 150–350 mm); then either the whole of it or the cube round the appendage that the later passes see.
 */
export function drawBlock(appendageLpsMm: Vec3, recipe: BlockRecipe, random: Random): DrawnBlock {
  // Drawn only for recipes that use it, so that all others keep the blocks that they had.
  if (recipe.absentShare !== undefined && random.chance(recipe.absentShare)) {
    return drawBlockWithout(appendageLpsMm, recipe, random);
  }
  if (recipe.turnedShare !== undefined && random.chance(recipe.turnedShare)) {
    const turn = TURN_NAMES[random.integer(0, TURN_NAMES.length - 1)]!;
    const { grid, scan } = drawBlockWith(appendageLpsMm, recipe, random);
    return { grid: reversedAlong(grid, TURNS[turn]), scan, turn };
  }
  return drawBlockWith(appendageLpsMm, recipe, random);
}

const TURN_NAMES = Object.keys(TURNS) as Turn[];

/** The same voxels, counted from the other end along some axes. */
function reversedAlong(grid: GridLps, axes: readonly number[]): GridLps {
  const last = perAxis((axis) => (axes.includes(axis) ? grid.sizeIjk[axis] - 1 : 0));
  const [i, j, k] = grid.directions.map((direction, axis) =>
    axes.includes(axis) ? scale(direction, -1) : direction,
  ) as [Vec3, Vec3, Vec3];
  return { ...grid, originLpsMm: ijkToLps(grid, last), directions: [i, j, k] };
}

function drawBlockWith(appendageLpsMm: Vec3, recipe: BlockRecipe, random: Random): DrawnBlock {
  const scan = drawScan(appendageLpsMm, random.chance(0.6), random);
  const { resolution } = recipe.network;
  if (!random.chance(recipe.zoomShare)) return { grid: boxGridLps(scan, resolution), scan };
  const w = recipe.zoomShiftMm;
  const shift: Vec3 = [random.uniform(-w, w), random.uniform(-w, w), random.uniform(-w, w)];
  return { grid: boxGridLps(cubeBox(add(appendageLpsMm, shift), ZOOM_EDGE_MM), resolution), scan };
}

/** What a cardiac scan or one of the chest shows, the appendage inside. */
export function drawScan(appendageLpsMm: Vec3, isCardiac: boolean, random: Random): BoxLps {
  const widthMm = isCardiac ? random.uniform(160, 260) : random.uniform(300, 500);
  const heightMm = isCardiac ? random.uniform(100, 200) : random.uniform(150, 350);
  // The heart's middle lies right, in front of and below the appendage; scans are centred on it, or on the chest, roughly.
  const [toMiddle, spread] = isCardiac ? [[-18, -8, -22] as const, 18] : [[-50, 20, -20] as const, 35];
  const margin = 22;
  const middle = toMiddle.map((shift, axis) => {
    const half = (axis === 2 ? heightMm : widthMm) / 2;
    const offset = shift + random.normal(0, spread);
    // The appendage stays inside the scan.
    return appendageLpsMm[axis as 0 | 1 | 2] + Math.max(margin - half, Math.min(half - margin, offset));
  });
  const half: Vec3 = [widthMm / 2, widthMm / 2, heightMm / 2];
  return {
    minLpsMm: [middle[0]! - half[0], middle[1]! - half[1], middle[2]! - half[2]],
    maxLpsMm: [middle[0]! + half[0], middle[1]! + half[1], middle[2]! + half[2]],
  };
}

/** An appendage's middle lies at least this far outside of a scan that does not show it, mm: more than half its length. */
const LEAST_AWAY_MM = 32;

/** A scan that ends below, above or right of the appendage: the network must learn to find nothing there. */
function drawBlockWithout(appendageLpsMm: Vec3, recipe: BlockRecipe, random: Random): DrawnBlock {
  const where = random.weighted({ below: 50, above: 25, right: 25 });
  const size: [number, number, number] = [random.uniform(180, 450), 0, random.uniform(60, 260)];
  size[1] = size[0];
  const axis = where === 'right' ? 0 : 2;
  const away = random.uniform(LEAST_AWAY_MM, 90) + size[axis] / 2;
  const middle: [number, number, number] = [
    appendageLpsMm[0] + random.normal(-40, 30),
    appendageLpsMm[1] + random.normal(15, 25),
    appendageLpsMm[2] + random.normal(-20, 30),
  ];
  middle[axis] = appendageLpsMm[axis] + (where === 'above' ? away : -away);
  const scan: BoxLps = {
    minLpsMm: [middle[0] - size[0] / 2, middle[1] - size[1] / 2, middle[2] - size[2] / 2],
    maxLpsMm: [middle[0] + size[0] / 2, middle[1] + size[1] / 2, middle[2] + size[2] / 2],
  };
  const { resolution } = recipe.network;
  if (!random.chance(recipe.zoomShare)) return { grid: boxGridLps(scan, resolution), scan };
  const inScan = (along: 0 | 1 | 2): number => random.uniform(scan.minLpsMm[along], scan.maxLpsMm[along]);
  const centre: Vec3 = [inScan(0), inScan(1), inScan(2)];
  return { grid: boxGridLps(cubeBox(centre, ZOOM_EDGE_MM), resolution), scan };
}

/** The n-th training block of a recipe; `sceneOf` builds the phantom of a seed. */
export function blockExample(
  recipe: RegionRecipe,
  example: number,
  sceneOf: (seed: number) => PhantomScene = (seed) =>
    buildScene(seed, { detail: 'thorax', ...withoutUndefined({ variety: recipe.variety }) }),
): BlockExample {
  const { seed, scene } = trainingScene(recipe.seed, example, sceneOf);
  const random = createRandom(seed).fork('block');
  const drawn = drawBlock(appendageBounds(scene).centreLpsMm, recipe, random);
  // Drawn only for recipes that use it, so that all others keep the blocks that they had.
  const isRemoved =
    recipe.removedShare !== undefined && drawn.turn === undefined && random.chance(recipe.removedShare);
  const shown = isRemoved ? withoutAppendage(scene) : scene;
  return {
    kind: 'block',
    scene: withoutShapes(shown),
    plan: planBlock(shown, drawn.grid),
    block: isRemoved ? { ...drawn, isRemoved } : drawn,
    noiseSdHu: random.uniform(0, 15),
  };
}
