import type { Vec3 } from '#shared/geometry/vec3.ts';
import type { CropFrame } from '../surface/cropFrame.ts';
import { type Program, shapeProgram } from './program.ts';
import { createPruner } from './pruneProgram.ts';
import { runCode } from './runCode.ts';
import type { Tape } from './tape.ts';
import { BATCH, createWorkspace } from './workspace.ts';

/**
 * The true surface of the closed lumen as small discs: points on its zero set found from the voxels of a scan, each
 * projected by Newton's method and kept by the one voxel it falls in. The wall and the cap (the ostium) are found
 * apart, so that the rim between them stays sharp.
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
/** Half length of the finite differences that gradients are taken with, mm. */
export const GRADIENT_STEP_MM = 0.05;
export const NEWTON_STEPS = 6;
/** A surfel lies this close to the zero set, mm. */
export const ON_SURFACE_MM = 5e-3;
/** A shape's value may change this much faster than distance before a voxel at the surface is overlooked. */
export const STEEPEST = 3;

export interface Surfels {
  readonly count: number;
  /** Words of a surfel: position relative to the cube's centre (LPS mm), kind, outward unit normal, and |normal|∞: voxelMm²·|normal|∞ is its share of area. */
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
    const holdsWall = Math.abs(field.valueAtFocus()) <= STEEPEST * blockRadius;
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

/** A shape near one place: values, gradients and projections of batches of points, with the program pruned for the place. */
export interface LocalField {
  focus(x: number, y: number, z: number, radiusMm: number): void;
  valueAtFocus(): number;
  /** Values at up to BATCH points (3 coordinates each), until the next call. */
  values(points: Float64Array): Float64Array;
  /** Gradients at up to BATCH points, until the next call. */
  gradients(points: Float64Array): Float64Array;
  /**
   * Moves points onto the zero set by Newton's method, at most two voxels. Returns unit normals; NaN for points that
   * did not arrive.
   */
  project(points: Float64Array, voxelMm: number): Float64Array;
}

/** The corners of a tetrahedron: four values give a gradient. */
export const TETRAHEDRON = [
  [1, -1, -1],
  [-1, -1, 1],
  [-1, 1, -1],
  [1, 1, 1],
] as const;

export function createLocalField(program: Program): LocalField {
  const work = createWorkspace(program.registerCount);
  const pruner = createPruner(program);
  const code = program.code.slice();
  let length = code.length;
  const output = program.outputs[0]! * BATCH;
  const value = new Float64Array(BATCH);
  const gradient = new Float64Array(3 * BATCH);
  const normals = new Float64Array(3 * BATCH);
  const start = new Float64Array(3 * BATCH);
  const focusPoint = { x: 0, y: 0, z: 0 };

  const run = (points: Float64Array, count: number, dx: number, dy: number, dz: number): void => {
    for (let n = 0; n < count; n++) {
      work.x[n] = points[3 * n]! + dx;
      work.y[n] = points[3 * n + 1]! + dy;
      work.z[n] = points[3 * n + 2]! + dz;
    }
    runCode(code, length, program.params, work, count, 1);
  };
  const values = (points: Float64Array): Float64Array => {
    const count = points.length / 3;
    run(points, count, 0, 0, 0);
    for (let n = 0; n < count; n++) value[n] = work.registers[output + n]!;
    return value;
  };
  const gradients = (points: Float64Array): Float64Array => {
    const count = points.length / 3;
    gradient.fill(0, 0, 3 * count);
    for (const [ex, ey, ez] of TETRAHEDRON) {
      run(points, count, ex * GRADIENT_STEP_MM, ey * GRADIENT_STEP_MM, ez * GRADIENT_STEP_MM);
      for (let n = 0; n < count; n++) {
        const share = work.registers[output + n]! / (4 * GRADIENT_STEP_MM);
        gradient[3 * n] = gradient[3 * n]! + ex * share;
        gradient[3 * n + 1] = gradient[3 * n + 1]! + ey * share;
        gradient[3 * n + 2] = gradient[3 * n + 2]! + ez * share;
      }
    }
    return gradient;
  };
  return {
    values,
    gradients,
    focus(x, y, z, radiusMm) {
      focusPoint.x = x;
      focusPoint.y = y;
      focusPoint.z = z;
      length = pruner.prune(program.code, program.code.length, focusPoint, radiusMm, 1, code);
    },
    valueAtFocus: () => values(Float64Array.of(focusPoint.x, focusPoint.y, focusPoint.z))[0]!,
    project(points, voxelMm) {
      const count = points.length / 3;
      start.set(points);
      normals.fill(Number.NaN, 0, 3 * count);
      const moving: number[] = [];
      const f = values(points);
      for (let n = 0; n < count; n++) if (Math.abs(f[n]!) < STEEPEST * voxelMm) moving.push(n);
      for (let step = 0; step <= NEWTON_STEPS && moving.length > 0; step++) {
        const some = new Float64Array(3 * moving.length);
        for (const [m, n] of moving.entries()) some.set(points.subarray(3 * n, 3 * n + 3), 3 * m);
        const here = values(some);
        const slope = gradients(some);
        let kept = 0;
        for (const [m, n] of moving.entries()) {
          const [gx, gy, gz] = [slope[3 * m]!, slope[3 * m + 1]!, slope[3 * m + 2]!];
          const squared = Math.max(gx * gx + gy * gy + gz * gz, 1e-6);
          if (Math.abs(here[m]!) < ON_SURFACE_MM * 0.2 || step === NEWTON_STEPS) {
            if (Math.abs(here[m]!) < ON_SURFACE_MM) {
              const norm = Math.sqrt(squared);
              normals.set([gx / norm, gy / norm, gz / norm], 3 * n);
            }
            continue;
          }
          const move = Math.min(Math.max(here[m]! / squared, -voxelMm), voxelMm);
          points[3 * n] = points[3 * n]! - gx * move;
          points[3 * n + 1] = points[3 * n + 1]! - gy * move;
          points[3 * n + 2] = points[3 * n + 2]! - gz * move;
          let strayed = false;
          for (let axis = 3 * n; axis < 3 * n + 3; axis++) {
            if (Math.abs(points[axis]! - start[axis]!) > 1.5 * voxelMm) strayed = true;
          }
          if (!strayed) moving[kept++] = n;
        }
        moving.length = kept;
      }
      return normals;
    },
  };
}
