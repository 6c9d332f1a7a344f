import type { GridLps } from '#shared/geometry/gridLps.ts';
import { perAxis, type Vec3 } from '#shared/geometry/vec3.ts';
import { withoutUndefined } from '#shared/withoutUndefined.ts';
import { motionShare, stepShift, widestShiftMm } from './ctArtefacts.ts';
import { paintProgram } from './program.ts';
import { createPruner } from './pruneProgram.ts';
import { runCode } from './runCode.ts';
import type { CtAcquisition, PhantomScene } from './scene.ts';
import { compileTape } from './tape.ts';
import { BATCH, createWorkspace } from './workspace.ts';

/** Fine slices that are painted at a time: whole bricks. */
export const BRICK = 8;
/**
 * Edges, in samples, of the cubes that the tape is pruned for, one within the other: 4³ bricks, a brick, and
 * the cell that is painted at once. A smaller cube needs less of the tape, but has to be pruned for.
 */
const CUBES = { group: 4 * BRICK, brick: BRICK, cell: BRICK / 2 } as const;

export interface SampleRange {
  /** First fine sample along i, j, k and one past the last. */
  readonly from: Vec3;
  readonly to: Vec3;
}

export interface SceneSampler {
  /**
   * Paints the tissues at fine samples (see AxisKernel) and writes them to the target, i fastest.
   * A sample's numbers do not depend on the box that it is painted in.
   */
  paint(box: SampleRange, hu: Float32Array | undefined, label?: Uint8Array): void;
}

export interface SamplerOptions {
  /** Samples per voxel along i, j, k. */
  readonly substeps: Vec3;
  /** Width of the tissues' soft edges; 0 where only labels are wanted. */
  readonly edgeMm: number;
  readonly steps?: CtAcquisition['steps'];
  readonly motion?: CtAcquisition['motion'];
  /** Paint all of the tape everywhere: slow, for tests. */
  readonly unpruned?: boolean;
}

export function createSceneSampler(
  scene: PhantomScene,
  grid: GridLps,
  options: SamplerOptions,
): SceneSampler {
  const program = paintProgram(compileTape(scene));
  const { substeps, edgeMm, steps, motion } = options;
  const work = createWorkspace(program.registerCount);
  const pruner = createPruner(program);
  const groupCode = program.code.slice();
  const brickCode = program.code.slice();
  const cellCode = program.code.slice();
  const centre = { x: 0, y: 0, z: 0 };
  const extents = { x: { middle: 0, half: 0 }, y: { middle: 0, half: 0 }, z: { middle: 0, half: 0 } };
  const widestShift = widestShiftMm(withoutUndefined({ steps, motion }));
  // Where the samples stand before the motion, and what its states add up to.
  const still = new Float64Array(3 * BATCH);
  const mean = new Float32Array(BATCH);

  /** Writes to `into` what of the code can matter in a cube of samples, wherever they are shifted; returns its length. */
  const pruned = (
    code: Uint32Array,
    length: number,
    { from, to }: SampleRange,
    into: Uint32Array,
  ): number => {
    if (options.unpruned) return length;
    const half = [0, 0, 0];
    const middle = [0, 0, 0];
    for (let axis = 0; axis < 3; axis++) {
      const step = grid.spacingMm[axis]! / substeps[axis]!;
      half[axis] = ((to[axis]! - from[axis]! - 1) / 2) * step;
      middle[axis] = ((from[axis]! + to[axis]!) / 2 / substeps[axis]! - 0.5) * grid.spacingMm[axis]!;
    }
    const [a, b, c] = grid.directions;
    centre.x = grid.originLpsMm[0] + a[0] * middle[0]! + b[0] * middle[1]! + c[0] * middle[2]!;
    centre.y = grid.originLpsMm[1] + a[1] * middle[0]! + b[1] * middle[1]! + c[1] * middle[2]!;
    centre.z = grid.originLpsMm[2] + a[2] * middle[0]! + b[2] * middle[1]! + c[2] * middle[2]!;
    return pruner.prune(code, length, centre, Math.hypot(...half) + widestShift, edgeMm, into);
  };

  return {
    paint(box, hu, label) {
      forCubes(box, CUBES.group, (group) => {
        const groupLength = pruned(program.code, program.code.length, group, groupCode);
        forCubes(group, CUBES.brick, (brick) => {
          const brickLength = pruned(groupCode, groupLength, brick, brickCode);
          forCubes(brick, CUBES.cell, (cell) => {
            paintCell(cell, brickLength);
            scatter(cell, box, hu, label);
          });
        });
      });
    },
  };

  function paintCell({ from, to }: SampleRange, brickLength: number): void {
    const { x, y, z } = work;
    const [a, b, c] = grid.directions;
    let n = 0;
    for (let k = from[2]; k < to[2]; k++) {
      const w = ((k + 0.5) / substeps[2] - 0.5) * grid.spacingMm[2];
      for (let j = from[1]; j < to[1]; j++) {
        const v = ((j + 0.5) / substeps[1] - 0.5) * grid.spacingMm[1];
        const rowX = grid.originLpsMm[0] + b[0] * v + c[0] * w;
        const rowY = grid.originLpsMm[1] + b[1] * v + c[1] * w;
        const rowZ = grid.originLpsMm[2] + b[2] * v + c[2] * w;
        for (let i = from[0]; i < to[0]; i++, n++) {
          const u = ((i + 0.5) / substeps[0] - 0.5) * grid.spacingMm[0];
          let px = rowX + a[0] * u;
          let py = rowY + a[1] * u;
          let pz = rowZ + a[2] * u;
          if (steps !== undefined) {
            const shift = stepShift(steps, pz);
            px -= shift[0];
            py -= shift[1];
            pz -= shift[2];
          }
          x[n] = px;
          y[n] = py;
          z[n] = pz;
        }
      }
    }
    if (motion === undefined) paintSamples(n, brickLength);
    else paintMoving(n, brickLength, motion);
  }

  /** The mean of the states; labels are the first one's. */
  function paintMoving(n: number, brickLength: number, moving: NonNullable<CtAcquisition['motion']>): void {
    const { x, y, z, hu } = work;
    still.set(x.subarray(0, n), 0);
    still.set(y.subarray(0, n), BATCH);
    still.set(z.subarray(0, n), 2 * BATCH);
    mean.fill(0, 0, n);
    for (const shift of moving.shiftsLpsMm) {
      for (let s = 0; s < n; s++) {
        const [sx, sy, sz] = [still[s]!, still[BATCH + s]!, still[2 * BATCH + s]!];
        const share = motionShare(moving, sx, sy, sz);
        x[s] = sx - share * shift[0];
        y[s] = sy - share * shift[1];
        z[s] = sz - share * shift[2];
      }
      paintSamples(n, brickLength);
      for (let s = 0; s < n; s++) mean[s]! += hu[s]! / moving.shiftsLpsMm.length;
    }
    hu.set(mean.subarray(0, n));
  }

  /** Paints the workspace's first n points with what of the brick's code matters to them. */
  function paintSamples(n: number, brickLength: number): void {
    work.hu.fill(scene.backgroundHu, 0, n);
    work.label.fill(0, 0, n);
    if (options.unpruned) {
      runCode(brickCode, brickLength, program.params, work, n, edgeMm);
      return;
    }
    const { x, y, z } = work;
    measureExtent(x, n, extents.x);
    measureExtent(y, n, extents.y);
    measureExtent(z, n, extents.z);
    centre.x = extents.x.middle;
    centre.y = extents.y.middle;
    centre.z = extents.z.middle;
    const radius = Math.hypot(Math.hypot(extents.x.half, extents.y.half), extents.z.half);
    const length = pruner.prune(brickCode, brickLength, centre, radius, edgeMm, cellCode);
    runCode(cellCode, length, program.params, work, n, edgeMm);
  }

  function scatter(
    { from, to }: SampleRange,
    box: SampleRange,
    hu: Float32Array | undefined,
    label: Uint8Array | undefined,
  ): void {
    const [ni, nj] = [box.to[0] - box.from[0], box.to[1] - box.from[1]];
    const width = to[0] - from[0];
    let n = 0;
    for (let k = from[2]; k < to[2]; k++) {
      for (let j = from[1]; j < to[1]; j++, n += width) {
        const target = from[0] - box.from[0] + ni * (j - box.from[1] + nj * (k - box.from[2]));
        for (let i = 0; i < width; i++) {
          if (hu !== undefined) hu[target + i] = work.hu[n + i]!;
          if (label !== undefined) label[target + i] = work.label[n + i]!;
        }
      }
    }
  }
}

/** The middle of numbers, and half of how far they reach. */
interface Extent {
  middle: number;
  half: number;
}

/** The extent of the first n values, written to `into`. */
function measureExtent(values: Float64Array, n: number, into: Extent): void {
  let low = values[0]!;
  let high = low;
  for (let s = 1; s < n; s++) {
    const value = values[s]!;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  into.middle = (low + high) / 2;
  into.half = (high - low) / 2;
}

/** Calls `visit` with the parts within the box of the cubes of `edge` samples, the first of which begins at sample 0. */
function forCubes({ from, to }: SampleRange, edge: number, visit: (cube: SampleRange) => void): void {
  const [i0, j0, k0] = perAxis((axis) => Math.floor(from[axis] / edge) * edge);
  for (let k = k0; k < to[2]; k += edge) {
    for (let j = j0; j < to[1]; j += edge) {
      for (let i = i0; i < to[0]; i += edge) {
        visit({
          from: [Math.max(i, from[0]), Math.max(j, from[1]), Math.max(k, from[2])],
          to: [Math.min(i + edge, to[0]), Math.min(j + edge, to[1]), Math.min(k + edge, to[2])],
        });
      }
    }
  }
}

/** A cell never holds more samples than a batch. */
if (CUBES.cell ** 3 > BATCH) throw new Error('A cell must fit a batch.');
