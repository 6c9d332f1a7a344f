import { perAxis } from '#shared/geometry/vec3.ts';
import { CAP, SURFEL_CAPACITY, SURFEL_WORDS, SURFELS_PER_BLOCK, type Surfels } from './surfels.ts';

/** The distance returned where there is no surface at all, mm. */
export const NO_SURFACE_MM = 1000;

/** Bounding spheres of surfels in a row: centre, radius, and which kinds are in it (1 wall, 2 cap). */
export const BLOCK_WORDS = 5;

export function surfelBlocks({ count, data }: Surfels): Float32Array {
  const blocks = new Float32Array(Math.ceil(count / SURFELS_PER_BLOCK) * BLOCK_WORDS);
  for (let block = 0; block * SURFELS_PER_BLOCK < count; block++) {
    const end = Math.min((block + 1) * SURFELS_PER_BLOCK, count);
    const low = [1e9, 1e9, 1e9];
    const high = [-1e9, -1e9, -1e9];
    let kinds = 0;
    for (let s = block * SURFELS_PER_BLOCK; s < end; s++) {
      kinds |= data[SURFEL_WORDS * s + 3] === CAP ? 2 : 1;
      for (let axis = 0; axis < 3; axis++) {
        low[axis] = Math.min(low[axis]!, data[SURFEL_WORDS * s + axis]!);
        high[axis] = Math.max(high[axis]!, data[SURFEL_WORDS * s + axis]!);
      }
    }
    const radius = Math.hypot(high[0]! - low[0]!, high[1]! - low[1]!, high[2]! - low[2]!) / 2;
    blocks.set(
      [0, 1, 2].map((axis) => (low[axis]! + high[axis]!) / 2),
      block * BLOCK_WORDS,
    );
    blocks.set([radius, kinds], block * BLOCK_WORDS + 3);
  }
  return blocks;
}

/** Cells per axis that points are put in order by. */
const ORDER_CELLS = 32;

/** The numbers of normalised points along a Morton curve of coarse cells. */
export function spatialOrder(pointsNormalized: Float32Array): Int32Array {
  const total = pointsNormalized.length / 3;
  const keys = new Int32Array(total);
  const cell = (value: number): number =>
    Math.min(Math.max(Math.floor((value + 1) * (ORDER_CELLS / 2)), 0), ORDER_CELLS - 1);
  const start = new Int32Array(ORDER_CELLS ** 3 + 1);
  for (let n = 0; n < total; n++) {
    const key =
      spreadBits(cell(pointsNormalized[3 * n]!)) |
      (spreadBits(cell(pointsNormalized[3 * n + 1]!)) << 1) |
      (spreadBits(cell(pointsNormalized[3 * n + 2]!)) << 2);
    keys[n] = key;
    start[key + 1]!++;
  }
  for (let key = 0; key < start.length - 1; key++) start[key + 1]! += start[key]!;
  const order = new Int32Array(total);
  for (let n = 0; n < total; n++) order[start[keys[n]!]!++] = n;
  return order;
}

/** Five bits of a number, two zeros between each. */
const spreadBits = (x: number): number =>
  (x & 1) | ((x & 2) << 2) | ((x & 4) << 4) | ((x & 8) << 6) | ((x & 16) << 8);

/** Blocks that may hold the nearest disc of some point: their numbers, and their words in a row. */
export interface NearBlocks {
  readonly numbers: Int32Array;
  readonly words: Float32Array;
}

/**
 * Of all blocks those that may hold the nearest disc of any point within the batch's bounding sphere, in their order.
 */
export function blocksNear(blocks: Float32Array, radius: number, points: Float64Array): NearBlocks {
  const low = [Infinity, Infinity, Infinity];
  const high = [-Infinity, -Infinity, -Infinity];
  for (let at = 0; at < points.length; at++) {
    low[at % 3] = Math.min(low[at % 3]!, points[at]!);
    high[at % 3] = Math.max(high[at % 3]!, points[at]!);
  }
  const [x, y, z] = perAxis((axis) => (low[axis]! + high[axis]!) / 2);
  const reach = Math.hypot(high[0]! - x, high[1]! - y, high[2]! - z) + radius;
  const total = blocks.length / BLOCK_WORDS;
  const away = new Float64Array(total);
  // No point of the batch has its nearest wall disc, or cap disc, farther than this from the sphere's centre.
  let [wall, cap] = [Infinity, Infinity];
  for (let block = 0; block < total; block++) {
    const b = block * BLOCK_WORDS;
    away[block] = Math.hypot(x - blocks[b]!, y - blocks[b + 1]!, z - blocks[b + 2]!);
    const far = away[block]! + blocks[b + 3]! + 2 * reach;
    const kinds = blocks[b + 4]!;
    if ((kinds & 1) !== 0) wall = Math.min(wall, far);
    if ((kinds & 2) !== 0) cap = Math.min(cap, far);
  }
  const numbers: number[] = [];
  for (let block = 0; block < total; block++) {
    const near = away[block]! - blocks[block * BLOCK_WORDS + 3]!;
    const kinds = blocks[block * BLOCK_WORDS + 4]!;
    if (((kinds & 1) !== 0 && near <= wall) || ((kinds & 2) !== 0 && near <= cap)) numbers.push(block);
  }
  const words = new Float32Array(numbers.length * BLOCK_WORDS);
  numbers.forEach((block, index) => {
    words.set(blocks.subarray(block * BLOCK_WORDS, (block + 1) * BLOCK_WORDS), index * BLOCK_WORDS);
  });
  return { numbers: Int32Array.from(numbers), words };
}

/**
 * The nearest wall disc and cap disc of point n, and the nearest point on each. A cap disc that is surely farther away
 * than the wall may be left out.
 */
export function nearestDiscs(
  surfels: Surfels,
  { numbers, words: blocks }: NearBlocks,
  radius: number,
  points: Float64Array,
  n: number,
  wallMm: Float64Array,
  capMm: Float64Array,
  wallFeet: Float64Array,
  capFeet: Float64Array,
): void {
  const [x, y, z] = [points[3 * n]!, points[3 * n + 1]!, points[3 * n + 2]!];
  wallMm[n] = NO_SURFACE_MM;
  capMm[n] = NO_SURFACE_MM;
  const visit = (index: number): void =>
    visitBlock(surfels, numbers[index]!, radius, x, y, z, n, wallMm, capMm, wallFeet, capFeet);
  // The blocks with the nearest spheres first: their discs rule out most other blocks.
  let [nearestWall, nearestCap] = [-1, -1];
  let [wallSphere, capSphere] = [Infinity, Infinity];
  for (let index = 0; index < numbers.length; index++) {
    const away = sphereDistance(blocks, index, x, y, z) - radius;
    near[index] = away;
    const kinds = blocks[index * BLOCK_WORDS + 4]!;
    if ((kinds & 1) !== 0 && away < wallSphere) [nearestWall, wallSphere] = [index, away];
    if ((kinds & 2) !== 0 && away < capSphere) [nearestCap, capSphere] = [index, away];
  }
  if (nearestWall >= 0) visit(nearestWall);
  for (let index = 0; index < numbers.length; index++) {
    if ((blocks[index * BLOCK_WORDS + 4]! & 1) !== 0 && near[index]! < wallMm[n]!) visit(index);
  }
  // The cap counts only where it is nearer than the wall; feet still move by less than a disc's width each.
  const worthMm = wallMm[n]! + 2 * radius;
  if (nearestCap >= 0 && capSphere < worthMm) visit(nearestCap);
  for (let index = 0; index < numbers.length; index++) {
    const away = near[index]!;
    if ((blocks[index * BLOCK_WORDS + 4]! & 2) !== 0 && away < capMm[n]! && away < worthMm) visit(index);
  }
}

/** Of a block's discs those that are nearer to point n, at x, y, z, than what was found so far. */
function visitBlock(
  { count, data }: Surfels,
  block: number,
  radius: number,
  x: number,
  y: number,
  z: number,
  n: number,
  wallMm: Float64Array,
  capMm: Float64Array,
  wallFeet: Float64Array,
  capFeet: Float64Array,
): void {
  const first = block * SURFELS_PER_BLOCK;
  const end = Math.min(first + SURFELS_PER_BLOCK, count);
  let wall = wallMm[n]!;
  let cap = capMm[n]!;
  for (let s = first; s < end; s++) {
    const o = s * SURFEL_WORDS;
    const isCap = data[o + 3] === CAP;
    const best = isCap ? cap : wall;
    const dx = x - data[o]!;
    const dy = y - data[o + 1]!;
    const dz = z - data[o + 2]!;
    const squared = dx * dx + dy * dy + dz * dz;
    if (squared >= (best + radius) * (best + radius)) continue;
    const height = dx * data[o + 4]! + dy * data[o + 5]! + dz * data[o + 6]!;
    const tx = dx - height * data[o + 4]!;
    const ty = dy - height * data[o + 5]!;
    const tz = dz - height * data[o + 6]!;
    const aside = Math.sqrt(tx * tx + ty * ty + tz * tz);
    const beyond = Math.max(aside - radius, 0);
    const mm = Math.sqrt(height * height + beyond * beyond);
    if (mm >= best) continue;
    const within = aside > radius ? radius / aside : 1;
    const feet = isCap ? capFeet : wallFeet;
    feet[3 * n] = data[o]! + tx * within;
    feet[3 * n + 1] = data[o + 1]! + ty * within;
    feet[3 * n + 2] = data[o + 2]! + tz * within;
    if (isCap) cap = mm;
    else wall = mm;
  }
  wallMm[n] = wall;
  capMm[n] = cap;
}

/** From a point to a block's bounding sphere; negative within. */
function sphereDistance(blocks: Float32Array, index: number, x: number, y: number, z: number): number {
  const b = index * BLOCK_WORDS;
  const dx = x - blocks[b]!;
  const dy = y - blocks[b + 1]!;
  const dz = z - blocks[b + 2]!;
  return Math.sqrt(dx * dx + dy * dy + dz * dz) - blocks[b + 3]!;
}

/** Distances to the spheres of the blocks at hand, for one point at a time. */
const near = new Float64Array(Math.ceil(SURFEL_CAPACITY / SURFELS_PER_BLOCK));
