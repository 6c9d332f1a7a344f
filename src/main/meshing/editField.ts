import { type GridLps, ijkToLps, LPS_AXES, lpsToIjk } from '#shared/geometry/gridLps.ts';
import { add, perAxis, scale, type Vec3 } from '#shared/geometry/vec3.ts';
import type { BoxLpsMm } from '#shared/mesh/measures.ts';
import { rasterizeClosedMesh } from '#shared/mesh/rasterize.ts';
import type { TriangleMesh } from '#shared/mesh/triangleMesh.ts';
import { gaussianMean } from '#shared/volume/gaussian.ts';
import { boxSize, copyBox, type VoxelBox } from '#shared/volume/labelBox.ts';
import { buildTriangleTree, nearestOnMesh } from '../mesh/triangleTree.ts';
import { createFieldLattice, type FieldLattice, latticeToLps } from '../surface/field/fieldLattice.ts';
import type { LabelChange } from './labelChange.ts';
import { resampled } from './labelLattice.ts';
import { outsideDistanceMm, signedDistanceMm } from './signedDistance.ts';

/** A closed surface with edits as a signed field, on a lattice round the edited voxels. */
export interface EditField {
  /** The signed distance to the surface plus what the edits change of it, mm; outside on the lattice's faces. */
  readonly lattice: FieldLattice;
  /** How much the edits change the field at each corner, mm: below 0 where they add. */
  readonly changeMm: Float32Array;
  /** The distance of each corner from where the edits move the surface, mm; exact up to FROM_CHANGE_MM. */
  readonly fromChangeMm: Float32Array;
}

/** Edge of a cell, mm; larger only for edits so far apart that the lattice would not fit. */
const CELL_MM = 0.5;
const MOST_CELLS = 240;
/**
 * Standard deviation of the smoothing of what edits change, mm: it takes the voxels' steps away. Edits everywhere, as
 * smoothing is, differ from the labels before by as much as those had steps, and take more.
 */
export const SMOOTHING_MM = { local: 0.4, everywhere: 1.2 } as const;
/**
 * Edits one voxel thick, as a disc on one plane is, are lost between cells as large as their voxels: where they cover this
 * much, mm², with voxels no larger than this, mm, cells are smaller, up to so many, and less is smoothed.
 */
const THIN = { leastMm2: 5, mostMm: 1.25, cellMm: 0.25, mostCells: 140, smoothingMm: 0.25 } as const;
/** Within this distance of an edited voxel the edit counts in full; from EDIT_REACH_MM on it does not count, mm. */
const FULL_REACH_MM = 1;
export const EDIT_REACH_MM = 2.5;
/** No seam asks for more, a cell's diagonal between its corners included. */
const FROM_CHANGE_MM = 5;
/** Changes of the field below this move nothing that anyone could see, mm. */
export const LEAST_CHANGE_MM = 1e-3;

/**
 * Adds to the signed distance F₀ of a surface what edits change of the signed distance between voxels:
 * F₁ = F₀ + w·S(h₁ − h₀), with h₀ and h₁ the voxels' distances before and after, S a smoothing and w a window that ends
 * EDIT_REACH_MM from the edited voxels. Where voxels are added only, h₁ ≤ h₀ and F₁ ≤ F₀: paint never removes anything,
 * and the eraser never adds. The same bound for all three distances keeps that true where they are far from 0.
 * Within the voxels of edits one voxel thick S(h₁) itself holds where it goes further: h₀, from voxels, falls short of F₀
 * by too much for those.
 * @param boxLpsMm what the lattice holds, the edited voxels included
 * @param smoothingMm one of SMOOTHING_MM
 * @param roomMm how far it reaches beyond that and EDIT_REACH_MM
 * @param isRemade where the surface counts as moved also where the edits leave it as it is
 */
export function editField(
  surface: TriangleMesh,
  change: LabelChange,
  boxLpsMm: BoxLpsMm,
  roomMm: number,
  smoothingMm: number,
  isRemade?: (pointLpsMm: Vec3) => boolean,
): EditField {
  const { grid } = change;
  const isThin = smoothingMm === SMOOTHING_MM.local && thinMm2(change) >= THIN.leastMm2;
  const lattice = latticeRound(boxLpsMm, EDIT_REACH_MM + roomMm, isThin);
  const boundMm = Math.max(1.5, ...grid.spacingMm);
  const { changeMm, smoothAfter } = fieldChange(
    lattice,
    change,
    boundMm,
    isThin ? THIN.smoothingMm : smoothingMm,
  );
  const before = distanceField(surface, lattice, changeMm, boundMm);
  if (isThin) {
    const afterMm = smoothAfter();
    cornersInVoxels(lattice, change).forEach((isEdited, corner) => {
      if (isEdited === 0) return;
      const byMm = afterMm[corner]! - before[corner]!;
      if (changeMm[corner]! > 0) changeMm[corner] = Math.max(changeMm[corner]!, byMm);
      else if (changeMm[corner]! < 0) changeMm[corner] = Math.min(changeMm[corner]!, byMm);
    });
  }
  return changedField(lattice, before, changeMm, isRemade);
}

/** How much the gaps and sheets one voxel thick cover that edits made, mm², across the axis with the most of them. */
function thinMm2({ grid, after, changed }: LabelChange): number {
  const { sizeIjk, spacingMm } = grid;
  const strides: Vec3 = [1, sizeIjk[0], sizeIjk[0] * sizeIjk[1]];
  const count: [number, number, number] = [0, 0, 0];
  for (let voxel = changed.indexOf(1); voxel >= 0; voxel = changed.indexOf(1, voxel + 1)) {
    const other = 1 - after[voxel]!;
    for (const axis of [0, 1, 2] as const) {
      if (after[voxel - strides[axis]] === other && after[voxel + strides[axis]] === other) count[axis]++;
    }
  }
  const voxelMm3 = spacingMm[0] * spacingMm[1] * spacingMm[2];
  return Math.max(
    ...perAxis((axis) => (spacingMm[axis] > THIN.mostMm ? 0 : (count[axis] * voxelMm3) / spacingMm[axis])),
  );
}

/** A field before a change, and the change, put together on the lattice. */
export function changedField(
  lattice: FieldLattice,
  before: Float32Array,
  changeMm: Float32Array,
  isRemade?: (pointLpsMm: Vec3) => boolean,
): EditField {
  const { signedMm, side, cellMm } = lattice;
  const isMoved = new Uint8Array(signedMm.length);
  for (let corner = 0; corner < signedMm.length; corner++) {
    signedMm[corner] = before[corner]! + changeMm[corner]!;
    const nearest = Math.min(Math.abs(before[corner]!), Math.abs(signedMm[corner]!));
    if (nearest >= cellMm) continue;
    if (Math.abs(changeMm[corner]!) > LEAST_CHANGE_MM) isMoved[corner] = 1;
    else if (isRemade?.(latticeToLps(lattice, ijkOf(corner, side)))) {
      isMoved[corner] = 1;
      // Marks it as changed; the field itself stays.
      changeMm[corner] = 2 * LEAST_CHANGE_MM;
    }
  }
  closeFaces(lattice);
  return { lattice, changeMm, fromChangeMm: distanceTo(isMoved, side, cellMm, FROM_CHANGE_MM) };
}

const ijkOf = (corner: number, side: number): Vec3 => [
  corner % side,
  Math.floor(corner / side) % side,
  Math.floor(corner / (side * side)),
];

/** A lattice round a box with the given room on every side. */
function latticeRound({ low, high }: BoxLpsMm, roomMm: number, isThin: boolean): FieldLattice {
  const extentMm = Math.max(...perAxis((axis) => high[axis] - low[axis])) + 2 * roomMm;
  const cellMm = isThin ? Math.min(CELL_MM, Math.max(THIN.cellMm, extentMm / THIN.mostCells)) : CELL_MM;
  const cells = Math.min(MOST_CELLS, Math.ceil(extentMm / cellMm));
  const edgeMm = Math.max(extentMm, cells * cellMm);
  return createFieldLattice({ centreLpsMm: scale(add(low, high), 0.5), edgeMm }, cells);
}

/** w·S(h₁ − h₀) at the lattice's corners, and S(h₁), mm. */
function fieldChange(
  lattice: FieldLattice,
  change: LabelChange,
  boundMm: number,
  smoothingMm: number,
): { readonly changeMm: Float32Array; readonly smoothAfter: () => Float32Array } {
  const { grid, before, after } = change;
  const { side, cellMm } = lattice;
  const corners: Vec3 = [side, side, side];
  const reachMm = EDIT_REACH_MM + boundMm + 6 * smoothingMm;
  const box: VoxelBox = {
    low: perAxis((axis) => change.box.low[axis] - Math.ceil(reachMm / grid.spacingMm[axis]) - 1),
    high: perAxis((axis) => change.box.high[axis] + Math.ceil(reachMm / grid.spacingMm[axis]) + 1),
  };
  const size = boxSize(box);
  // Distances are from centre to centre: the border lies half a voxel nearer.
  const halfMm = Math.min(...grid.spacingMm) / 2;
  const distances = (labels: Uint8Array): Float32Array =>
    signedDistanceMm(copyBox(labels, grid.sizeIjk, box), size, grid.spacingMm, boundMm + halfMm);
  const bounded = (value: number): number =>
    Math.sign(value) * Math.max(0, Math.min(boundMm, Math.abs(value) - halfMm));
  const now = distances(after);
  const difference = distances(before);
  for (let voxel = 0; voxel < difference.length; voxel++) {
    difference[voxel] = bounded(now[voxel]!) - bounded(difference[voxel]!);
  }
  const sampled = (values: Float32Array): Float32Array =>
    resampled(values, size, box, grid, corners, (corner) => latticeToLps(lattice, corner));
  const sigma = smoothingMm / cellMm;
  const mean = (values: Float32Array): Float32Array => gaussianMean(values, corners, [sigma, sigma, sigma]);
  const smooth = mean(sampled(difference));
  const twice = mean(smooth);
  const fromEditMm = distanceTo(cornersInVoxels(lattice, change), side, cellMm, EDIT_REACH_MM);
  for (let corner = 0; corner < smooth.length; corner++) {
    const t = (fromEditMm[corner]! - FULL_REACH_MM) / (EDIT_REACH_MM - FULL_REACH_MM);
    const window = t <= 0 ? 1 : t >= 1 ? 0 : 1 - t * t * (3 - 2 * t);
    // Twice the mean less its own mean: thin cuts and dabs stay. It must not overshoot to the other side of 0.
    const once = smooth[corner]!;
    const sharp = 2 * once - twice[corner]!;
    smooth[corner] = window * (once < 0 ? Math.min(0, sharp) : Math.max(0, sharp));
  }
  const smoothAfter = (): Float32Array => {
    const once = mean(sampled(now.map(bounded)));
    const again = mean(once);
    return once.map((value, corner) => 2 * value - again[corner]!);
  };
  return { changeMm: smooth, smoothAfter };
}

/** 1 for the corners nearest to points of the edited voxels, which can be smaller than a cell. */
function cornersInVoxels(lattice: FieldLattice, { grid, changed }: LabelChange): Uint8Array {
  const { side, cellMm } = lattice;
  const marks = new Uint8Array(side ** 3);
  const latticeGrid = gridOf(lattice);
  // Points this far apart within a voxel, its faces included.
  const steps = perAxis((axis) => Math.ceil(grid.spacingMm[axis] / cellMm));
  const [nI, nJ] = grid.sizeIjk;
  for (let voxel = changed.indexOf(1); voxel >= 0; voxel = changed.indexOf(1, voxel + 1)) {
    const ijk: Vec3 = [voxel % nI, Math.floor(voxel / nI) % nJ, Math.floor(voxel / (nI * nJ))];
    for (let a = 0; a <= steps[0]; a++) {
      for (let b = 0; b <= steps[1]; b++) {
        for (let c = 0; c <= steps[2]; c++) {
          const at = ijkToLps(grid, [
            ijk[0] - 0.5 + a / steps[0],
            ijk[1] - 0.5 + b / steps[1],
            ijk[2] - 0.5 + c / steps[2],
          ]);
          const [i, j, k] = lpsToIjk(latticeGrid, at);
          marks[Math.round(i) + side * (Math.round(j) + side * Math.round(k))] = 1;
        }
      }
    }
  }
  return marks;
}

const gridOf = (lattice: FieldLattice): GridLps => ({
  sizeIjk: [lattice.side, lattice.side, lattice.side],
  originLpsMm: latticeToLps(lattice, [0, 0, 0]),
  spacingMm: [lattice.cellMm, lattice.cellMm, lattice.cellMm],
  directions: LPS_AXES,
});

/**
 * The signed distance to a closed surface, mm, at most `boundMm`; exact near the surface and where the edits change the
 * field, right in sign and bounded elsewhere.
 * @param changeMm null: exact everywhere
 */
export function distanceField(
  surface: TriangleMesh,
  lattice: FieldLattice,
  changeMm: Float32Array | null,
  boundMm: number,
): Float32Array {
  const { side, cellMm } = lattice;
  const inside = rasterizeClosedMesh(surface, gridOf(lattice));
  // Half the diagonal of a cell is the most by which the rough distance can be too large.
  const [changedMm, keptMm] = [boundMm + cellMm, 2.5 * cellMm];
  const size: Vec3 = [side, side, side];
  const field = signedDistanceMm(inside, size, [cellMm, cellMm, cellMm], Math.max(changedMm, keptMm));
  const tree = buildTriangleTree(surface);
  const out = { distanceMm: 0, face: -1, x: 0, y: 0, z: 0 };
  const [x0, y0, z0] = latticeToLps(lattice, [0, 0, 0]);
  for (let corner = 0; corner < field.length; corner++) {
    const roughMm = Math.abs(field[corner]!);
    const isChanged = !changeMm || Math.abs(changeMm[corner]!) > LEAST_CHANGE_MM;
    let distanceMm = boundMm;
    if (roughMm < (isChanged ? changedMm : keptMm)) {
      const i = corner % side;
      const j = Math.floor(corner / side) % side;
      const k = Math.floor(corner / (side * side));
      nearestOnMesh(tree, x0 + i * cellMm, y0 + j * cellMm, z0 + k * cellMm, out, boundMm);
      distanceMm = out.distanceMm;
    }
    field[corner] = inside[corner] === 1 ? -distanceMm : distanceMm;
  }
  return field;
}

/** Distance of corners from the nearest marked one, mm, exact up to `mostMm`; very far where none is. */
const distanceTo = (marks: Uint8Array, side: number, cellMm: number, mostMm: number): Float32Array =>
  outsideDistanceMm(marks, [side, side, side], [cellMm, cellMm, cellMm], mostMm);

/** Puts the corners on the cube's faces outside, so that what is extracted closes within it. */
function closeFaces({ side, signedMm, cellMm }: FieldLattice): void {
  const last = side - 1;
  for (let a = 0; a < side; a++) {
    for (let b = 0; b < side; b++) {
      for (const face of [0, last]) {
        for (const corner of [
          face + side * (a + side * b),
          a + side * (face + side * b),
          a + side * (b + side * face),
        ]) {
          signedMm[corner] = Math.max(signedMm[corner]!, cellMm);
        }
      }
    }
  }
}
