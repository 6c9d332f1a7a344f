import type { Program } from './program.ts';
import { createPruner } from './pruneProgram.ts';
import { runCode } from './runCode.ts';
import { BATCH, createWorkspace } from './workspace.ts';

/** Half length of the finite differences that gradients are taken with, mm. */
export const GRADIENT_STEP_MM = 0.05;
export const NEWTON_STEPS = 6;
/** A surfel lies this close to the zero set, mm. */
export const ON_SURFACE_MM = 5e-3;
/** A shape's value may change this much faster than distance before a voxel at the surface is overlooked. */
export const STEEPEST = 3;
/**
 * A voxel's own piece of surface lies within its half diagonal, 0.87 voxels, of its middle. Values rise by less than 2 mm
 * a millimetre there, so that a middle with this value or more, in voxels, has none; nor has one whose zero lies farther
 * off by its own slope. Of 40 phantoms, usual and wide, both leave every surfel as it was.
 */
export const LARGEST_VALUE_VOXELS = 2;
const FARTHEST_ZERO_VOXELS = 1.5;

/** A shape near one place: values, gradients and projections of batches of points, with the program pruned for the place. */
export interface LocalField {
  focus(x: number, y: number, z: number, radiusMm: number): void;
  valueAtFocus(): number;
  /** Whether values may be this near to zero within a ball round the focus no larger than its own; never false in doubt. */
  mayComeNear(mm: number, radiusMm: number): boolean;
  /** Values at up to BATCH points (3 coordinates each), until the next call. */
  values(points: Float64Array): Float64Array;
  /** Gradients at up to BATCH points, until the next call. */
  gradients(points: Float64Array): Float64Array;
  /**
   * Moves the middles of voxels onto the zero set by Newton's method. Returns unit normals; NaN for points that did not
   * arrive or whose zero lies outside of their voxel.
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
  const closer = program.code.slice();
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
    mayComeNear(mm, radiusMm) {
      pruner.prune(code, length, focusPoint, radiusMm, 1, closer);
      const { low, high } = pruner.outputRange();
      return low <= mm && high >= -mm;
    },
    project(points, voxelMm) {
      const count = points.length / 3;
      start.set(points);
      normals.fill(Number.NaN, 0, 3 * count);
      const moving: number[] = [];
      const f = values(points);
      for (let n = 0; n < count; n++) if (Math.abs(f[n]!) < LARGEST_VALUE_VOXELS * voxelMm) moving.push(n);
      const farthest = (FARTHEST_ZERO_VOXELS * voxelMm) ** 2;
      const first = Float64Array.from(moving, (n) => f[n]!);
      for (let step = 0; step <= NEWTON_STEPS && moving.length > 0; step++) {
        const some = new Float64Array(3 * moving.length);
        for (const [m, n] of moving.entries()) some.set(points.subarray(3 * n, 3 * n + 3), 3 * m);
        const here = step === 0 ? first : values(some);
        const slope = gradients(some);
        let kept = 0;
        for (const [m, n] of moving.entries()) {
          const [gx, gy, gz] = [slope[3 * m]!, slope[3 * m + 1]!, slope[3 * m + 2]!];
          const squared = Math.max(gx * gx + gy * gy + gz * gz, 1e-6);
          if (step === 0 && first[m]! ** 2 > squared * farthest) continue;
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
