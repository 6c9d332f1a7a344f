import { throwIfCancelled } from '#shared/errors.ts';
import type { CropFrame } from '../surface/cropFrame.ts';
import type { FieldLattice } from '../surface/field/fieldLattice.ts';
import { createFieldLattice } from '../surface/field/fieldLattice.ts';

/**
 * Screened Poisson surface reconstruction on a regular grid: the function χ whose gradient is nearest to the points'
 * normals (smeared over a cell) and that vanishes at the points:
 *
 *   ∫ |∇χ − V|² + (α / h) · Σ area_p · χ(p)²  →  minimum,
 *
 * by conjugate gradients, from a coarse grid to the fine one. Source: Kazhdan and Hoppe, "Screened Poisson Surface
 * Reconstruction", ACM Transactions on Graphics 32 (2013); here with finite differences on a uniform grid in place of
 * B-splines on an octree, for the cube is small.
 */
export interface PoissonOptions {
  /** Cells per axis of the finest grid; a power of two times 8. */
  readonly cells?: number;
  /** α: how much the surface keeps to the points. */
  readonly screening?: number;
  readonly signal?: AbortSignal;
}

export interface PoissonCloud {
  /** 3·N positions, LPS mm. */
  readonly pointsLpsMm: Float32Array;
  /** 3·N unit vectors outward. */
  readonly normals: Float32Array;
  /** N areas in mm². */
  readonly areasMm2: Float32Array;
}

const COARSEST_CELLS = 8;
const ITERATIONS = 60;
const TOLERANCE = 1e-4;

/** χ as a lattice over the cube, negative inside, shifted so that it vanishes at the points in the mean. */
export function screenedPoisson(
  cloud: PoissonCloud,
  frame: CropFrame,
  { cells = 128, screening = 4, signal }: PoissonOptions = {},
): FieldLattice {
  let solution: Float64Array = new Float64Array((COARSEST_CELLS + 1) ** 3);
  for (let level = COARSEST_CELLS; ; level *= 2) {
    throwIfCancelled(signal);
    const system = createSystem(cloud, frame, level, screening);
    conjugateGradients(system, solution, signal);
    if (level >= cells) return asLattice(system, solution, frame, level);
    solution = prolonged(solution, level);
  }
}

interface System {
  readonly side: number;
  readonly h: number;
  readonly rhs: Float64Array;
  /** For each point: the first corner of its cell, and the 8 weights. */
  readonly corners: Uint32Array;
  readonly weights: Float32Array;
  /** (α / h) · area of each point. */
  readonly screens: Float32Array;
  readonly offsets: readonly number[];
  readonly areas: Float32Array;
}

function createSystem(cloud: PoissonCloud, frame: CropFrame, cells: number, screening: number): System {
  const side = cells + 1;
  const h = frame.edgeMm / cells;
  const count = cloud.areasMm2.length;
  const strides = [1, side, side * side] as const;
  const offsets = Array.from(
    { length: 8 },
    (_, corner) => (corner & 1) * strides[0] + ((corner >> 1) & 1) * strides[1] + (corner >> 2) * strides[2],
  );
  const corners = new Uint32Array(count);
  const weights = new Float32Array(8 * count);
  const rhs = new Float64Array(side ** 3);
  const low = frame.centreLpsMm.map((centre) => centre - frame.edgeMm / 2);
  const place = [0, 0, 0];
  for (let point = 0; point < count; point++) {
    for (let axis = 0; axis < 3; axis++)
      place[axis] = (cloud.pointsLpsMm[3 * point + axis]! - low[axis]!) / h;
    corners[point] = trilinear(place, cells, strides, weights, 8 * point);
    for (let axis = 0; axis < 3; axis++) {
      addFlux(axis, (cloud.areasMm2[point]! * cloud.normals[3 * point + axis]!) / h);
    }
  }
  const screens = cloud.areasMm2.map((area) => (screening / h) * area);
  return { side, h, rhs, corners, weights, screens, offsets, areas: cloud.areasMm2 };

  /**
   * One component of a point's normal, spread over the 8 nearest edges along that axis. The normal equations of
   * h·(χ_j − χ_i − h·V)² over the edge i → j have h²·V on the right of j and −h²·V on that of i; with
   * V = area · n · weight / h³ that is area · n · weight / h.
   */
  function addFlux(axis: number, value: number): void {
    const staggered = place.map((coordinate, other) => (other === axis ? coordinate - 0.5 : coordinate));
    const size = [cells, cells, cells].map((last, other) => (other === axis ? last - 1 : last));
    const base = staggered.map((coordinate, other) =>
      Math.min(Math.max(Math.floor(coordinate), 0), Math.max(size[other]! - 1, 0)),
    );
    for (let corner = 0; corner < 8; corner++) {
      let weight = value;
      let at = 0;
      for (let other = 0; other < 3; other++) {
        const bit = (corner >> other) & 1;
        const fraction = Math.min(Math.max(staggered[other]! - base[other]!, 0), 1);
        weight *= bit === 1 ? fraction : 1 - fraction;
        at += (base[other]! + bit) * strides[other]!;
      }
      if (weight === 0) continue;
      rhs[at + strides[axis]!]! += weight;
      rhs[at]! -= weight;
    }
  }
}

/** Writes the 8 weights of a place on the grid. @returns the index of its cell's first corner */
function trilinear(
  place: readonly number[],
  cells: number,
  strides: readonly [number, number, number],
  weights: Float32Array,
  to: number,
): number {
  let first = 0;
  const fractions = [0, 0, 0];
  for (let axis = 0; axis < 3; axis++) {
    const inside = Math.min(Math.max(place[axis]!, 0), cells);
    const base = Math.min(Math.floor(inside), cells - 1);
    fractions[axis] = inside - base;
    first += base * strides[axis]!;
  }
  for (let corner = 0; corner < 8; corner++) {
    let weight = 1;
    for (let axis = 0; axis < 3; axis++) {
      weight *= ((corner >> axis) & 1) === 1 ? fractions[axis]! : 1 - fractions[axis]!;
    }
    weights[to + corner] = weight;
  }
  return first;
}

/** y = A·x: h times the graph Laplacian (nothing flows through the cube's faces), and the screening at the points. */
function multiply(
  { side, h, corners, weights, screens, offsets }: System,
  x: Float64Array,
  y: Float64Array,
): void {
  const slice = side * side;
  y.fill(0);
  for (let k = 0, at = 0; k < side; k++) {
    for (let j = 0; j < side; j++) {
      for (let i = 0; i < side; i++, at++) {
        const value = x[at]!;
        if (i + 1 < side) {
          const flow = h * (value - x[at + 1]!);
          y[at]! += flow;
          y[at + 1]! -= flow;
        }
        if (j + 1 < side) {
          const flow = h * (value - x[at + side]!);
          y[at]! += flow;
          y[at + side]! -= flow;
        }
        if (k + 1 < side) {
          const flow = h * (value - x[at + slice]!);
          y[at]! += flow;
          y[at + slice]! -= flow;
        }
      }
    }
  }
  for (let point = 0; point < corners.length; point++) {
    const first = corners[point]!;
    let value = 0;
    for (let corner = 0; corner < 8; corner++)
      value += weights[8 * point + corner]! * x[first + offsets[corner]!]!;
    value *= screens[point]!;
    for (let corner = 0; corner < 8; corner++)
      y[first + offsets[corner]!]! += weights[8 * point + corner]! * value;
  }
}

const inner = (a: Float64Array, b: Float64Array): number => {
  let sum = 0;
  for (let index = 0; index < a.length; index++) sum += a[index]! * b[index]!;
  return sum;
};

/** Improves `x` in place. The matrix is symmetric and, with at least one point, positive definite. */
function conjugateGradients(system: System, x: Float64Array, signal: AbortSignal | undefined): void {
  const { rhs } = system;
  const product = new Float64Array(x.length);
  multiply(system, x, product);
  const residual = rhs.map((value, index) => value - product[index]!);
  const direction = residual.slice();
  let squared = inner(residual, residual);
  const enough = TOLERANCE ** 2 * inner(rhs, rhs);
  for (let iteration = 0; iteration < ITERATIONS && squared > enough; iteration++) {
    throwIfCancelled(signal);
    multiply(system, direction, product);
    const step = squared / inner(direction, product);
    for (let index = 0; index < x.length; index++) {
      x[index]! += step * direction[index]!;
      residual[index]! -= step * product[index]!;
    }
    const next = inner(residual, residual);
    const keep = next / squared;
    for (let index = 0; index < x.length; index++)
      direction[index] = residual[index]! + keep * direction[index]!;
    squared = next;
  }
}

/** The same function on a grid of half the cell. */
function prolonged(coarse: Float64Array, cells: number): Float64Array {
  const side = cells + 1;
  const fineSide = 2 * cells + 1;
  const fine = new Float64Array(fineSide ** 3);
  const at = (i: number, j: number, k: number): number => coarse[i + side * (j + side * k)]!;
  for (let k = 0, index = 0; k < fineSide; k++) {
    for (let j = 0; j < fineSide; j++) {
      for (let i = 0; i < fineSide; i++, index++) {
        const [i0, j0, k0] = [i >> 1, j >> 1, k >> 1];
        const [i1, j1, k1] = [(i + 1) >> 1, (j + 1) >> 1, (k + 1) >> 1];
        // On a coarse corner all eight are the same; between two, two different ones; and so on.
        fine[index] =
          (at(i0, j0, k0) +
            at(i1, j0, k0) +
            at(i0, j1, k0) +
            at(i1, j1, k0) +
            at(i0, j0, k1) +
            at(i1, j0, k1) +
            at(i0, j1, k1) +
            at(i1, j1, k1)) /
          8;
      }
    }
  }
  return fine;
}

function asLattice(system: System, solution: Float64Array, frame: CropFrame, cells: number): FieldLattice {
  const { corners, weights, offsets, areas } = system;
  let weighted = 0;
  let total = 0;
  for (let point = 0; point < corners.length; point++) {
    let value = 0;
    for (let corner = 0; corner < 8; corner++) {
      value += weights[8 * point + corner]! * solution[corners[point]! + offsets[corner]!]!;
    }
    weighted += areas[point]! * value;
    total += areas[point]!;
  }
  const level = total > 0 ? weighted / total : 0;
  const lattice = createFieldLattice(frame, cells);
  for (let index = 0; index < solution.length; index++) lattice.signedMm[index] = solution[index]! - level;
  lattice.known.fill(1);
  return lattice;
}
