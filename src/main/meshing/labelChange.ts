import type { LabelMap } from '#shared/contract/values.ts';
import { type GridLps, ijkToLps, lpsToIjk } from '#shared/geometry/gridLps.ts';
import { addScaled, perAxis, type Vec3 } from '#shared/geometry/vec3.ts';
import { boundingBoxLpsMm } from '#shared/mesh/measures.ts';
import { rasterizeClosedMesh } from '#shared/mesh/rasterize.ts';
import type { TriangleMesh } from '#shared/mesh/triangleMesh.ts';
import { boxSize, copyBox, labelBox, type VoxelBox } from '#shared/volume/labelBox.ts';

/** What edits made of the voxels inside of a surface, on a grid that holds all of both. */
export interface LabelChange {
  readonly grid: GridLps;
  readonly before: Uint8Array;
  readonly after: Uint8Array;
  /** 1 where they differ. */
  readonly changed: Uint8Array;
  /** The smallest box that holds every changed voxel. */
  readonly box: VoxelBox;
  /** Changed voxels as a share of those that were inside before. */
  readonly share: number;
}

/**
 * A voxel whose centre lies on the surface is inside or outside by rounding alone, which the grid's origin can turn: it
 * counts as changed only where it is so with the surface moved this little either way, mm.
 */
const NUDGE_MM = 1e-4;
const NUDGE_DIRECTION: Vec3 = [1, 0.617, 0.383];

/** The voxels in which labels differ from those inside of a closed surface; undefined where none do. */
export function labelChange(surface: TriangleMesh, labels: LabelMap): LabelChange | undefined {
  const box = commonBox(surface, labels);
  const grid: GridLps = {
    ...labels.grid,
    sizeIjk: boxSize(box),
    originLpsMm: ijkToLps(labels.grid, box.low),
  };
  const after = copyBox(labels.data, labels.grid.sizeIjk, box);
  const inside = (nudgeMm: number): Uint8Array =>
    rasterizeClosedMesh(surface, {
      ...grid,
      originLpsMm: addScaled(grid.originLpsMm, NUDGE_DIRECTION, nudgeMm),
    });
  const [one, other] = [inside(NUDGE_MM), inside(-NUDGE_MM)];
  const before = after.slice();
  const changed = new Uint8Array(after.length);
  let [changes, insideBefore] = [0, 0];
  for (let voxel = 0; voxel < after.length; voxel++) {
    const label = after[voxel]!;
    if (one[voxel] !== label && other[voxel] !== label) {
      changed[voxel] = 1;
      before[voxel] = 1 - label;
      changes++;
    }
    insideBefore += before[voxel]!;
  }
  const changedBox = labelBox(changed, grid.sizeIjk);
  if (!changedBox) return undefined;
  return { grid, before, after, changed, box: changedBox, share: changes / Math.max(1, insideBefore) };
}

/** The box of voxels, possibly beyond the grid, that holds the labels and the surface. */
function commonBox(surface: TriangleMesh, { grid, data }: LabelMap): VoxelBox {
  const labelled = labelBox(data, grid.sizeIjk);
  const { low, high } = boundingBoxLpsMm(surface);
  const corners = Array.from({ length: 8 }, (_, corner) =>
    lpsToIjk(
      grid,
      perAxis((axis) => ((corner >> axis) & 1 ? high[axis] : low[axis])),
    ),
  );
  const least = (axis: 0 | 1 | 2): number => Math.floor(Math.min(...corners.map((ijk) => ijk[axis])));
  const most = (axis: 0 | 1 | 2): number => Math.ceil(Math.max(...corners.map((ijk) => ijk[axis])));
  return {
    low: perAxis((axis) => Math.min(labelled?.low[axis] ?? Infinity, least(axis))),
    high: perAxis((axis) => Math.max(labelled?.high[axis] ?? -Infinity, most(axis))),
  };
}
