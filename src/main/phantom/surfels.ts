import type { Vec3 } from '#shared/geometry/vec3.ts';
import type { CropFrame } from '../surface/cropFrame.ts';
import { createLocalField, LARGEST_VALUE_VOXELS, STEEPEST } from './localField.ts';
import { shapeProgram } from './program.ts';
import type { Tape } from './tape.ts';
import { BATCH } from './workspace.ts';

/**
 * The true surface of the closed lumen as small discs: points on its zero set found from the voxels of a scan, each
 * projected by Newton's method and kept by the one voxel it falls in. The wall and the cap (the ostium) are found
 * separately, so that the rim between them stays sharp.
 *
 * Example: a ball of radius 10 mm in scan voxels of 0.6 mm. The voxels within about 0.5 mm of the sphere are moved
 * along the gradient onto it. A voxel whose point arrives in its own cube keeps it as a surfel, one whose point
 * arrives in a neighbour's cube drops it: the neighbour finds the same place. So each piece of surface is found by
 * its own voxels, some 4,000 in all, with no list of neighbours and no atomics on a GPU. Tilted surface is found more
 * densely, by 1/|normal|∞; a surfel's last word corrects for this where points are drawn by area.
 */
export const SURFEL_WORDS = 8;
export const WALL = 0;
export const CAP = 1;
/** Most surfels of a crop; more are dropped. */
export const SURFEL_CAPACITY = 32768;
/** Surfels come in the order of a Morton curve; that many in a row share a bounding sphere. */
export const SURFELS_PER_BLOCK = 32;
/** The scan reaches so far beyond the cube, for points near its faces. */
export const SCAN_MARGIN_MM = 4;
/** Radius of a surfel's disc, in scan voxels. */
export const DISC_RADIUS_VOXELS = 0.75;

export interface Surfels {
  readonly count: number;
  /**
   * Words of a surfel: position relative to the cube's centre (LPS mm), kind, outward unit normal, and |normal|∞:
   * voxelMm²·|normal|∞ is its share of area.
   */
  readonly data: Float32Array;
  /** Edge of a scan voxel, mm. */
  readonly voxelMm: number;
}

export interface ScanOptions {
  /** Voxels along each edge of the scan: a power of two, at least 8. */
  readonly resolution: number;
}

export const DEFAULT_SCAN: ScanOptions = { resolution: 128 };

export const scanVoxelMm = (frame: CropFrame, scan: ScanOptions): number =>
  (frame.edgeMm + 2 * SCAN_MARGIN_MM) / scan.resolution;

/** Bits 0, 3, 6, … of a Morton index as a number. */
export function compactBits(morton: number): number {
  let x = morton & 0x09249249;
  x = (x ^ (x >> 2)) & 0x030c30c3;
  x = (x ^ (x >> 4)) & 0x0300f00f;
  x = (x ^ (x >> 8)) & 0x030000ff;
  return (x ^ (x >> 16)) & 0x3ff;
}

/** Finds the surfels of an appendage within the cube and its margin, in the order of the scan's Morton curve. */
export function findSurfels(tape: Tape, frame: CropFrame, scan: ScanOptions = DEFAULT_SCAN): Surfels {
  const { bodyShape, ostiumNormal: normal, ostiumPointLpsMm: ostium } = tape.scene.appendage;
  const program = shapeProgram(tape, [bodyShape]);
  const voxelMm = scanVoxelMm(frame, scan);
  const field = createLocalField(program);
  const first = (-voxelMm * (scan.resolution - 1)) / 2;
  const centre = frame.centreLpsMm;
  const found: number[] = [];
  const voxels = new Float64Array(3 * BATCH);
  const wall = new Float64Array(3 * BATCH);
  const cap = new Float64Array(3 * BATCH);
  const blockRadius = 4 * voxelMm * Math.sqrt(3);
  const above = (x: number, y: number, z: number): number =>
    (x - ostium[0]) * normal[0] + (y - ostium[1]) * normal[1] + (z - ostium[2]) * normal[2];

  for (
    let block = 0;
    block < scan.resolution ** 3 && found.length < SURFEL_CAPACITY * SURFEL_WORDS;
    block += BATCH
  ) {
    for (let n = 0; n < BATCH; n++) {
      const morton = block + n;
      voxels[3 * n] = centre[0] + first + voxelMm * compactBits(morton);
      voxels[3 * n + 1] = centre[1] + first + voxelMm * compactBits(morton >> 1);
      voxels[3 * n + 2] = centre[2] + first + voxelMm * compactBits(morton >> 2);
    }
    const middle = [0, 1, 2].map((axis) => (voxels[axis]! + voxels[3 * (BATCH - 1) + axis]!) / 2);
    // Newton steps may leave the block by up to two voxels.
    field.focus(middle[0]!, middle[1]!, middle[2]!, blockRadius + 3 * voxelMm);
    const holdsWall =
      Math.abs(field.valueAtFocus()) <= STEEPEST * blockRadius &&
      field.mayComeNear(LARGEST_VALUE_VOXELS * voxelMm, blockRadius);
    const holdsCap = Math.abs(above(middle[0]!, middle[1]!, middle[2]!)) <= blockRadius;
    if (!holdsWall && !holdsCap) continue;
    wall.set(voxels);
    const wallNormals = holdsWall ? field.project(wall, voxelMm) : undefined;
    for (let n = 0; n < BATCH; n++) {
      const height = above(voxels[3 * n]!, voxels[3 * n + 1]!, voxels[3 * n + 2]!);
      for (let axis = 0; axis < 3; axis++) cap[3 * n + axis] = voxels[3 * n + axis]! - height * normal[axis]!;
    }
    const bodyAtCap = holdsCap ? field.values(cap) : undefined;
    for (let n = 0; n < BATCH; n++) {
      const arrived = wallNormals !== undefined && !Number.isNaN(wallNormals[3 * n]!);
      if (arrived && ownVoxel(voxels, wall, n, voxelMm)) {
        const height = above(wall[3 * n]!, wall[3 * n + 1]!, wall[3 * n + 2]!);
        if (height >= 0) pushSurfel(found, wall, wallNormals, 3 * n, centre, WALL);
      }
      if (bodyAtCap !== undefined && bodyAtCap[n]! <= 0 && ownVoxel(voxels, cap, n, voxelMm)) {
        pushSurfel(found, cap, [-normal[0], -normal[1], -normal[2]], 3 * n, centre, CAP);
      }
    }
  }
  const count = Math.min(found.length / SURFEL_WORDS, SURFEL_CAPACITY);
  return { count, data: Float32Array.from(found.slice(0, count * SURFEL_WORDS)), voxelMm };
}

/** Whether a projected point fell into the voxel it came from. */
function ownVoxel(voxels: Float64Array, points: Float64Array, n: number, voxelMm: number): boolean {
  for (let axis = 3 * n; axis < 3 * n + 3; axis++) {
    const offset = points[axis]! - voxels[axis]!;
    if (!(offset >= -voxelMm / 2 && offset < voxelMm / 2)) return false;
  }
  return true;
}

function pushSurfel(
  found: number[],
  points: Float64Array,
  normals: ArrayLike<number>,
  at: number,
  centre: Vec3,
  kind: number,
): void {
  const from = kind === WALL ? at : 0;
  const [nx, ny, nz] = [normals[from]!, normals[from + 1]!, normals[from + 2]!];
  found.push(points[at]! - centre[0], points[at + 1]! - centre[1], points[at + 2]! - centre[2], kind);
  found.push(nx, ny, nz, Math.max(Math.abs(nx), Math.abs(ny), Math.abs(nz)));
}
