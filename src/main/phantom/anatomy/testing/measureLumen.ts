import { addScaled, cross, distance, perpendicular, type Vec3 } from '#shared/geometry/vec3.ts';
import { evaluateNamed } from '../../evaluateShape.ts';
import type { PhantomScene } from '../../scene.ts';
import { compileTape } from '../../tape.ts';
import { appendageBounds } from '../buildScene.ts';
import { type Section, sectionOfLattice } from '../ostium.ts';

export interface LumenMeasures {
  readonly ostium: Section;
  readonly volumeMl: number;
  /** Along the centre line from the ostium to the tip's surface, mm. */
  readonly depthMm: number;
  /** Six-connected pieces of the closed lumen above 12 mm³. */
  readonly pieces: number;
  /** Of the largest piece: 1 for a ball; one less for each handle, one more for each hollow. */
  readonly eulerCharacteristic: number;
}

/** Where the wall meets the plane at a small angle, single lattice points are detached; they do not count as pieces. */
const SPECK_MM3 = 12;

/** The ostium's lattice is finer than the lumen's, for it is one section alone. */
const OSTIUM_SHARE = 0.7;

/**
 * Measures the closed lumen, with all of its roughness, on a lattice of `spacingMm` (volume) and `OSTIUM_SHARE` of it
 * (ostium).
 */
export function measureLumen(scene: PhantomScene, spacingMm = 1): LumenMeasures {
  const { ostiumPointLpsMm: o, ostiumNormal: n, centreLineLpsMm: line, bodyShape } = scene.appendage;
  const tape = compileTape(scene);
  const body = (points: Float32Array) => evaluateNamed(tape, bodyShape, points);
  const { low, high } = appendageBounds(scene);
  const marginMm = 22;
  const side = (k: 0 | 1 | 2) => Math.ceil((high[k] - low[k] + 2 * marginMm) / spacingMm);
  const size: Vec3 = [side(0), side(1), side(2)];
  const inside = new Uint8Array(size[0] * size[1] * size[2]);
  const origin: Vec3 = [low[0] - marginMm, low[1] - marginMm, low[2] - marginMm];
  const height = (i: number, j: number, k: number): number =>
    (origin[0] + i * spacingMm - o[0]) * n[0] +
    (origin[1] + j * spacingMm - o[1]) * n[1] +
    (origin[2] + k * spacingMm - o[2]) * n[2];
  fillBlocks(inside, size, origin, spacingMm, body);
  forEachInside(inside, size, (index, i, j, k) => {
    if (height(i, j, k) <= 0) inside[index] = 0;
  });
  const sizes = markPieces(inside, size);
  const largest = sizes.indexOf(Math.max(...sizes));
  const volumeMl = ((sizes[largest] ?? 0) * spacingMm ** 3) / 1000;
  // Handles are counted off the plane: where the wall grazes it, lattice points make rings that the surface has not.
  forEachInside(inside, size, (index, i, j, k) => {
    if (height(i, j, k) < 2) inside[index] = 0;
  });
  let arc = 0;
  for (let index = 1; index < line.length; index++) arc += distance(line[index]!, line[index - 1]!);
  const tip = line[line.length - 1]!;
  return {
    ostium: cutWithTape(body, o, n, OSTIUM_SHARE * spacingMm),
    volumeMl,
    depthMm: arc + Math.max(0, -body(Float32Array.from(tip))[0]!),
    pieces: sizes.filter((count) => count * spacingMm ** 3 >= SPECK_MM3).length,
    eulerCharacteristic: euler(inside, size, largest + 2),
  };
}

function forEachInside(
  inside: Uint8Array,
  [nI, nJ]: Vec3,
  visit: (index: number, i: number, j: number, k: number) => void,
): void {
  for (let index = 0; index < inside.length; index++) {
    if (inside[index] === 0) continue;
    const row = Math.floor(index / nI);
    visit(index, index % nI, row % nJ, Math.floor(row / nJ));
  }
}

/** Lattice points along the edge of the blocks that are asked first; each that stays open is cut into eight. */
const LARGEST_BLOCK = 8;
/** The body's values rise by less than this a millimetre: distances, their smooth unions, and roughness on them. */
const STEEPEST = 1.6;

/**
 * Marks the lattice points inside of a body. One value, in the middle of a block, says of most blocks that the surface
 * is farther than their corners; the others are halved until they are single points.
 */
function fillBlocks(
  inside: Uint8Array,
  [nI, nJ, nK]: Vec3,
  origin: Vec3,
  spacingMm: number,
  body: (points: Float32Array) => Float32Array,
): void {
  /** The first points of the blocks at hand: i, j, k of each. */
  let open: number[] = [];
  for (let k = 0; k < nK; k += LARGEST_BLOCK)
    for (let j = 0; j < nJ; j += LARGEST_BLOCK)
      for (let i = 0; i < nI; i += LARGEST_BLOCK) open.push(i, j, k);
  for (let edge = LARGEST_BLOCK; edge >= 1; edge /= 2) {
    const middle = (edge - 1) / 2;
    const reachMm = STEEPEST * Math.sqrt(3) * middle * spacingMm;
    const middles = new Float32Array(open.length);
    for (let at = 0; at < open.length; at++) middles[at] = origin[at % 3]! + (open[at]! + middle) * spacingMm;
    const values = body(middles);
    const next: number[] = [];
    for (let block = 0; block < values.length; block++) {
      const value = values[block]!;
      // A point, whose reach is nothing, is inside or not.
      if (edge === 1 ? value >= 0 : value > reachMm) continue;
      const [i0, j0, k0] = [open[3 * block]!, open[3 * block + 1]!, open[3 * block + 2]!];
      const isFull = edge === 1 || value < -reachMm;
      const step = isFull ? 1 : edge / 2;
      for (let k = k0; k < Math.min(nK, k0 + edge); k += step)
        for (let j = j0; j < Math.min(nJ, j0 + edge); j += step)
          for (let i = i0; i < Math.min(nI, i0 + edge); i += step) {
            if (isFull) inside[i + nI * (j + nJ * k)] = 1;
            else next.push(i, j, k);
          }
    }
    open = next;
  }
}

function cutWithTape(
  body: (points: Float32Array) => Float32Array,
  o: Vec3,
  normal: Vec3,
  spacingMm: number,
): Section {
  const u = perpendicular(normal);
  const v = cross(normal, u);
  const half = Math.ceil(25 / spacingMm);
  const n = 2 * half + 1;
  const at = (i: number, j: number): Vec3 =>
    addScaled(addScaled(o, u, (i - half) * spacingMm), v, (j - half) * spacingMm);
  const points = new Float32Array(3 * n * n);
  for (let j = 0; j < n; j++) for (let i = 0; i < n; i++) points.set(at(i, j), 3 * (i + n * j));
  const inside = Uint8Array.from(body(points), (value) => (value < 0 ? 1 : 0));
  return sectionOfLattice(inside, n, spacingMm, at);
}

/** Marks six-connected pieces of ones as 2, 3, …; returns their sizes. */
function markPieces(inside: Uint8Array, [nI, nJ]: Vec3): number[] {
  const sizes: number[] = [];
  const stack: number[] = [];
  const steps = [1, -1, nI, -nI, nI * nJ, -nI * nJ];
  for (let start = 0; start < inside.length; start++) {
    if (inside[start] !== 1) continue;
    const mark = Math.min(255, sizes.length + 2);
    let count = 0;
    stack.push(start);
    inside[start] = mark;
    while (stack.length > 0) {
      const index = stack.pop()!;
      count++;
      for (const step of steps) {
        if (inside[index + step] !== 1) continue;
        inside[index + step] = mark;
        stack.push(index + step);
      }
    }
    sizes.push(count);
  }
  return sizes;
}

/** Voxels − neighbouring pairs + squares of four − cubes of eight: the Euler number of the six-connected solid. */
function euler(inside: Uint8Array, [nI, nJ, nK]: Vec3, mark: number): number {
  const on = (i: number, j: number, k: number) => (inside[i + nI * (j + nJ * k)] === mark ? 1 : 0);
  let sum = 0;
  for (let k = 0; k + 1 < nK; k++) {
    for (let j = 0; j + 1 < nJ; j++) {
      for (let i = 0; i + 1 < nI; i++) {
        if (!on(i, j, k)) continue;
        const [x, y, z] = [on(i + 1, j, k), on(i, j + 1, k), on(i, j, k + 1)];
        const xy = x & y & on(i + 1, j + 1, k);
        const xz = x & z & on(i + 1, j, k + 1);
        const yz = y & z & on(i, j + 1, k + 1);
        sum += 1 - x - y - z + xy + xz + yz - (xy & xz & yz & on(i + 1, j + 1, k + 1));
      }
    }
  }
  return sum;
}
