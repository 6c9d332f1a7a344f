import { type NearestOnMesh, nearestOnMesh, type TriangleTree } from '../mesh/triangleTree.ts';
import type { QuadNet } from '../surface/extraction/surfaceNets.ts';
import { cornerOffsets } from '../surface/field/fieldLattice.ts';
import { BASE_HEIGHT_MM, type ShellField } from './shellField.ts';

/** The surfaces that bound the shell, as bits: a vertex on an edge of the shell lies on two. */
export const INNER = 1;
export const OUTER = 2;
export const PLANE = 4;
/** The side of the base. */
export const BASE = 8;

/** Vertices stay this far, in cells, from their cell's faces: neighbours can then never fold over each other. */
const CELL_RIM = 0.02;
const ROUNDS = 8;

/** What a shell is made to: its wall's thickness and how far its base, if any, reaches out of the wall, mm. */
export interface ShellSizes {
  readonly thicknessMm: number;
  readonly baseWidthMm: number;
}

/** The surfaces that pass through each vertex's cell. */
export function shellSides(
  field: ShellField,
  net: QuadNet,
  { thicknessMm, baseWidthMm }: ShellSizes,
): Uint8Array {
  const { lattice, distanceMm } = field;
  const offsets = cornerOffsets(lattice.side);
  const sides = new Uint8Array(net.cellOfVertex.length);
  const terms = (corner: number, widthMm: number): [number, number, number] => {
    const distance = distanceMm[corner]!;
    return [-distance, distance - widthMm, -field.heightMm(corner)];
  };
  for (let vertex = 0; vertex < sides.length; vertex++) {
    const first = net.cellOfVertex[vertex]!;
    for (let corner = 0; corner < 8; corner++) {
      for (const axis of [1, 2, 4]) {
        if ((corner & axis) !== 0) continue;
        const [a, b] = [first + offsets[corner]!, first + offsets[corner | axis]!];
        const startsInside = lattice.signedMm[a]! < 0;
        if (startsInside === lattice.signedMm[b]! < 0) continue;
        const [inside, outside] = startsInside ? [a, b] : [b, a];
        // Material further out than the thickness is the base's; its upper side stays as the lattice has it.
        const isBase = distanceMm[inside]! >= thicknessMm;
        if (isBase && field.heightMm(outside) >= BASE_HEIGHT_MM) continue;
        const widthMm = isBase ? thicknessMm + baseWidthMm : thicknessMm;
        const bit = firstToCross(terms(inside, widthMm), terms(outside, widthMm));
        sides[vertex]! |= isBase && bit === OUTER ? BASE : bit;
      }
    }
  }
  return sides;
}

/** Which of the three terms turns positive first on the way from an inside to an outside corner; 0 where none does. */
function firstToCross(inside: readonly number[], outside: readonly number[]): number {
  let [bit, earliest] = [0, Infinity];
  for (let term = 0; term < 3; term++) {
    const [from, to] = [inside[term]!, outside[term]!];
    // Written so that an unknown distance (NaN) is not a crossing.
    if (!(to >= 0)) continue;
    const place = from >= 0 ? 0 : from / (from - to);
    if (place < earliest) [bit, earliest] = [1 << term, place];
  }
  return bit;
}

/**
 * Moves each vertex, within its cell, onto the surfaces that it belongs to: the wall itself, the wall's offset by the
 * thickness, the plane. Where wall and plane meet it goes from one to the other in turn, so that the rim comes out sharp.
 */
export function sharpenShell(
  field: ShellField,
  net: QuadNet,
  sides: Uint8Array,
  wall: TriangleTree,
  { thicknessMm, baseWidthMm }: ShellSizes,
): void {
  const { side, cellMm, frame } = field.lattice;
  const { positionsIjk: p, cellOfVertex } = net;
  const low = frame.centreLpsMm.map((centre) => centre - frame.edgeMm / 2);
  const nearest: NearestOnMesh = { distanceMm: 0, face: -1, x: 0, y: 0, z: 0 };
  const point = [0, 0, 0];
  const levels = new Map([
    [INNER, 0],
    [OUTER, thicknessMm],
    [BASE, thicknessMm + baseWidthMm],
  ]);
  for (let vertex = 0; vertex < sides.length; vertex++) {
    const bits = sides[vertex]!;
    const surface = bits & (INNER | OUTER | BASE);
    const onPlane = (bits & PLANE) !== 0;
    // A cell that two of them pass together is thinner than the lattice resolves.
    const level = levels.get(surface);
    const first = cellOfVertex[vertex]!;
    const origin = [first % side, Math.floor(first / side) % side, Math.floor(first / (side * side))];
    for (let axis = 0; axis < 3; axis++) point[axis] = low[axis]! + p[3 * vertex + axis]! * cellMm;
    const rounds = level === undefined ? 1 : onPlane ? ROUNDS : 2;
    for (let round = 0; round < rounds; round++) {
      if (level !== undefined) toLevel(wall, point, level, nearest);
      if (onPlane) point[2] = 0;
      for (let axis = 0; axis < 3; axis++) {
        const from = low[axis]! + (origin[axis]! + CELL_RIM) * cellMm;
        point[axis] = Math.min(from + (1 - 2 * CELL_RIM) * cellMm, Math.max(from, point[axis]!));
      }
    }
    for (let axis = 0; axis < 3; axis++) p[3 * vertex + axis] = (point[axis]! - low[axis]!) / cellMm;
  }
}

/** Moves a point along the line to its nearest point of the wall until it is `levelMm` away. */
function toLevel(wall: TriangleTree, point: number[], levelMm: number, nearest: NearestOnMesh): void {
  const { distanceMm, x, y, z } = nearestOnMesh(wall, point[0]!, point[1]!, point[2]!, nearest);
  if (levelMm > 0 && distanceMm < 1e-6) return;
  const factor = levelMm === 0 ? 0 : levelMm / distanceMm;
  point[0] = x + factor * (point[0]! - x);
  point[1] = y + factor * (point[1]! - y);
  point[2] = z + factor * (point[2]! - z);
}
