import { describe, expect, it } from 'vitest';
import { ostialZone, wholeVoxelsMm } from '#shared/anatomy/ostialZone.ts';
import type { MeasuredAppendage } from '#shared/contract/services/measured.ts';
import type { LabelMap, OstiumPlane } from '#shared/contract/values.ts';
import { type GridLps, ijkToLps, LPS_AXES, lpsToIjk } from '#shared/geometry/gridLps.ts';
import {
  addScaled,
  cross,
  distance,
  dot,
  normalize,
  perAxis,
  perpendicular,
  subtract,
  type Vec3,
} from '#shared/geometry/vec3.ts';
import { boundingBoxLpsMm, vertexLpsMm, vertexNormals } from '#shared/mesh/measures.ts';
import { rasterizeClosedMesh } from '#shared/mesh/rasterize.ts';
import { vertexCount } from '#shared/mesh/triangleMesh.ts';
import { createRandom } from '#shared/random/random.ts';
import { gaussianMean } from '#shared/volume/gaussian.ts';
import { KEPT_BEYOND_MM } from './editedSurface.ts';
import { appendageAfterEdits, recutAppendage } from './index.ts';
import { bentTubeMesh } from './shapes.ts';

/** A bent tube of 5 mm radius, cut askew 4 mm above its start. */
const tube = bentTubeMesh(12, 5, 2, 32, 28);
const plane: OstiumPlane = { pointLpsMm: [1, 0, 4], normal: normalize([0.25, 0.1, 1]) };
const original = recutAppendage(tube, plane, false);

const oblique = ((): GridLps['directions'] => {
  const a = normalize([0.8, 0.5, -0.3]);
  const b = perpendicular(a);
  return [a, b, cross(a, b)];
})();

/** The labels inside of the original surface, with room for paint. */
function labelled(spacingMm: Vec3, directions: GridLps['directions'] = LPS_AXES): LabelMap {
  const { low, high } = boundingBoxLpsMm(original.closed);
  const middle = perAxis((axis) => (low[axis] + high[axis]) / 2);
  const reachMm = distance(low, high) / 2 + 6;
  const sizeIjk = perAxis((axis) => Math.ceil((2 * reachMm) / spacingMm[axis]));
  const originLpsMm = directions.reduce<Vec3>((at, direction) => addScaled(at, direction, -reachMm), middle);
  const grid = { sizeIjk, originLpsMm, spacingMm, directions };
  return { grid, data: new Uint8Array(rasterizeClosedMesh(original.closed, grid)) };
}

/** Sets the voxels within a ball. */
function withBall(labels: LabelMap, centre: Vec3, radiusMm: number, value: 0 | 1): LabelMap {
  const { grid } = labels;
  const [nI, nJ] = grid.sizeIjk;
  const data = labels.data.slice();
  // In the box of voxels round the ball alone.
  const middle = lpsToIjk(grid, centre);
  const from = perAxis((axis) => Math.max(0, Math.floor(middle[axis] - radiusMm / grid.spacingMm[axis])));
  const to = perAxis((axis) =>
    Math.min(grid.sizeIjk[axis] - 1, Math.ceil(middle[axis] + radiusMm / grid.spacingMm[axis])),
  );
  for (let k = from[2]; k <= to[2]; k++) {
    for (let j = from[1]; j <= to[1]; j++) {
      for (let i = from[0]; i <= to[0]; i++) {
        const voxel = i + nI * (j + nJ * k);
        if (distance(centreOf(grid, voxel), centre) <= radiusMm) data[voxel] = value;
      }
    }
  }
  return { grid, data };
}

function centreOf(grid: GridLps, voxel: number): Vec3 {
  const [nI, nJ] = grid.sizeIjk;
  return ijkToLps(grid, [voxel % nI, Math.floor(voxel / nI) % nJ, Math.floor(voxel / (nI * nJ))]);
}

/** How far a point lies from each voxel in which two maps differ, at the least. */
function fromEditsMm(before: LabelMap, after: LabelMap): (pointLpsMm: Vec3) => number {
  const { grid } = before;
  const centres: Vec3[] = [];
  after.data.forEach((label, voxel) => {
    if (label !== before.data[voxel]) centres.push(centreOf(grid, voxel));
  });
  return (point) =>
    centres.reduce((least, centre) => {
      const offset = subtract(point, centre);
      const outside = perAxis((axis) =>
        Math.max(0, Math.abs(dot(offset, grid.directions[axis])) - grid.spacingMm[axis] / 2),
      );
      return Math.min(least, Math.hypot(...outside));
    }, Infinity);
}

/** Labels as the tool that smooths leaves them: their Gaussian mean, but for what lies near the ostium. */
function smoothedBeyond({ grid, data }: LabelMap, surface: MeasuredAppendage): LabelMap {
  const isKept = ostialZone(surface, wholeVoxelsMm(grid))!;
  const sigma = perAxis((axis) => 1.2 / grid.spacingMm[axis]);
  const mean = gaussianMean(Float32Array.from(data), grid.sizeIjk, sigma);
  return {
    grid,
    data: data.map((label, voxel) => (isKept(centreOf(grid, voxel)) ? label : mean[voxel]! >= 0.45 ? 1 : 0)),
  };
}

const rimPoints = ({ rimLpsMm }: MeasuredAppendage): Vec3[] =>
  Array.from(
    { length: rimLpsMm!.length / 3 },
    (_, at): Vec3 => [rimLpsMm![3 * at]!, rimLpsMm![3 * at + 1]!, rimLpsMm![3 * at + 2]!],
  );

const isAboutEdits = (code: string): boolean =>
  [
    'meshing.rim-edited',
    'meshing.drawn-anew',
    'meshing.drawn-from-voxels',
    'meshing.edit-at-ostium',
    'meshing.pieces-left-out',
  ].includes(code);

const SOUND = {
  watertight: true,
  manifold: true,
  outwardNormals: true,
  components: 1,
  wallBoundaryLoops: 1,
  selfIntersections: 0,
  degenerateFaces: 0,
};

describe.each([
  ['0.6 mm voxels', labelled([0.6, 0.6, 0.6])],
  ['0.7 × 0.7 × 3 mm, oblique', labelled([0.7, 0.7, 3], oblique)],
])('edits on %s', (_name, before) => {
  const voxelMl = before.grid.spacingMm.reduce((product, step) => product * step, 0.001);
  const count = ({ data }: LabelMap): number => data.reduce((sum, label) => sum + label, 0);
  const { closed, measurements } = original;
  const normals = vertexNormals(closed);
  const random = createRandom(11);
  const rim = rimPoints(original);
  /** A dab of paint or of the eraser, further than 5 mm from the rim. */
  const farDab = (): LabelMap => {
    for (;;) {
      const vertex = random.integer(0, vertexCount(closed) - 1);
      const normal: Vec3 = [normals[3 * vertex]!, normals[3 * vertex + 1]!, normals[3 * vertex + 2]!];
      const radiusMm = random.uniform(1.5, 3.5);
      const centre = addScaled(vertexLpsMm(closed, vertex), normal, random.uniform(-1, 1));
      if (rim.some((point) => distance(point, centre) < 5 + radiusMm)) continue;
      const after = withBall(before, centre, radiusMm, random.chance(0.5) ? 1 : 0);
      const fromMm = fromEditsMm(before, after);
      if (count(after) !== count(before) && rim.every((point) => fromMm(point) > 5)) return after;
    }
  };
  const far = Array.from({ length: 3 }, farDab);

  it('further than 5 mm from the rim leave the ostium and all vertices but those nearby', () => {
    for (const after of far) {
      const edited = appendageAfterEdits(original, after, plane, false);
      expect(edited.measurements.ostium).toEqual(measurements.ostium);
      expect(edited.rimLpsMm).toEqual(original.rimLpsMm);
      expect(edited.mesh).toMatchObject({ ...SOUND, genus: 0 });
      expect(edited.warnings.map(({ code }) => code).filter(isAboutEdits)).toEqual([]);
      const places = new Set<string>();
      for (let vertex = 0; vertex < vertexCount(edited.closed); vertex++)
        places.add(vertexLpsMm(edited.closed, vertex).join());
      const fromMm = fromEditsMm(before, after);
      for (let vertex = 0; vertex < vertexCount(closed); vertex++) {
        const place = vertexLpsMm(closed, vertex);
        if (!places.has(place.join())) expect(fromMm(place)).toBeLessThan(KEPT_BEYOND_MM);
      }
      // Paint adds, the eraser removes, about as much as the voxels hold.
      const labelledMl = voxelMl * (count(after) - count(before));
      const addedMl = edited.measurements.volumeMl! - measurements.volumeMl!;
      expect(addedMl * Math.sign(labelledMl)).toBeGreaterThan(0);
      expect(Math.abs(addedMl - labelledMl)).toBeLessThan(0.02 + 0.5 * Math.abs(labelledMl));
    }
  });

  it('leave the ostium of a plane that was moved, too', () => {
    const moved = {
      pointLpsMm: addScaled(plane.pointLpsMm, plane.normal, 1),
      normal: normalize([0.1, 0, 1]),
    };
    const unedited = recutAppendage(closed, moved, false);
    for (const after of far.slice(0, 1)) {
      const edited = appendageAfterEdits(original, after, moved, false);
      expect(edited.measurements.ostium).toEqual(unedited.measurements.ostium);
      expect(edited.measurements.volumeMl).not.toBe(unedited.measurements.volumeMl);
    }
  });

  it('that end with the labels as they were end with the surface itself', () => {
    expect(appendageAfterEdits(original, before, plane, false)).toBe(original);
  });

  it('at the rim cut it anew, smooth, and say so', () => {
    const after = withBall(before, rim[0]!, 2.5, 1);
    const { measurements: edited, mesh, warnings } = appendageAfterEdits(original, after, plane, false);
    expect(mesh).toMatchObject({ ...SOUND, genus: 0 });
    expect(warnings.map(({ code }) => code)).toContain('meshing.rim-edited');
    const grown = edited.ostium!.areaMm2 - measurements.ostium!.areaMm2;
    expect(grown).toBeGreaterThan(2);
    // Half of the ball's section at the most, which lies outside of the lumen.
    expect(grown).toBeLessThan(16);
    expect(edited.ostium!.perimeterMm! / measurements.ostium!.perimeterMm!).toBeLessThan(1.15);
  });

  it('that smooth all of it but what lies near the ostium leave every ostium number', () => {
    const dab = withBall(before, rim[0]!, 2.5, 1);
    // A dab of slices of 3 mm spans half of this small rim, and all is made anew with a warning.
    for (const drawn of before.grid.spacingMm[2] < 1 ? [before, far[0]!, dab] : [before, far[0]!]) {
      const drawnSurface = appendageAfterEdits(original, drawn, plane, false);
      const edited = appendageAfterEdits(original, smoothedBeyond(drawn, drawnSurface), plane, false);
      expect(edited.mesh).toMatchObject({ ...SOUND, genus: 0 });
      const about = ({ warnings }: MeasuredAppendage): string[] =>
        warnings.map(({ code }) => code).filter(isAboutEdits);
      expect(about(edited)).toEqual(about(drawnSurface));
      const [{ ostium }, { ostium: wanted }] = [edited.measurements, drawnSurface.measurements];
      if (drawn !== dab) expect(ostium).toEqual(wanted);
      // What reaches further from the rim than smoothing leaves alone is applied apart.
      expect(ostium!.areaMm2 / wanted!.areaMm2).toBeCloseTo(1, 2);
      expect(ostium!.perimeterMm! / wanted!.perimeterMm!).toBeCloseTo(1, 2);
      expect(edited.measurements.volumeMl).not.toBe(drawnSurface.measurements.volumeMl);
      expect(edited.measurements.volumeMl! / drawnSurface.measurements.volumeMl!).toBeCloseTo(1, 1);
    }
  });

  it('that smooth all of it leave the ostium of a plane that was moved, too', () => {
    const moved = {
      pointLpsMm: addScaled(plane.pointLpsMm, plane.normal, 1.5),
      normal: normalize([0.1, 0, 1]),
    };
    const unedited = recutAppendage(closed, moved, false);
    const edited = appendageAfterEdits(original, smoothedBeyond(before, unedited), moved, false);
    expect(edited.measurements.ostium).toEqual(unedited.measurements.ostium);
    expect(edited.measurements.volumeMl).not.toBe(unedited.measurements.volumeMl);
  });
});

it.each([
  ['1 mm', [0.7, 0.7, 1]],
  ['0.75 mm', [0.7, 0.7, 0.75]],
  ['0.5 mm', [0.4, 0.4, 0.5]],
] as const)('a disc erased on one slice of %s leaves nothing of the lumen there', (_name, spacingMm) => {
  const before = labelled([...spacingMm]);
  const { grid } = before;
  const [nI, nJ] = grid.sizeIjk;
  const slice = Math.round(lpsToIjk(grid, [0, 0, 8])[2]);
  // Reaches 3 mm into the lumen.
  const centre: Vec3 = [3.06, 4.5, ijkToLps(grid, [0, 0, slice])[2]];
  const data = before.data.slice();
  for (let voxel = nI * nJ * slice; voxel < nI * nJ * (slice + 1); voxel++)
    if (distance(centreOf(grid, voxel), centre) <= 3) data[voxel] = 0;
  const edited = appendageAfterEdits(original, { grid, data }, plane, false);
  const within = (mesh: MeasuredAppendage): number => {
    const fine: GridLps = {
      sizeIjk: [60, 60, 1],
      originLpsMm: [centre[0] - 2.95, centre[1] - 2.95, centre[2]],
      spacingMm: [0.1, 0.1, 0.1],
      directions: LPS_AXES,
    };
    return rasterizeClosedMesh(mesh.closed, fine).reduce(
      (sum, inside, at) => sum + (distance(centreOf(fine, at), centre) < 2.6 ? inside : 0),
      0,
    );
  };
  expect(within(original)).toBeGreaterThan(1000);
  expect(within(edited)).toBeLessThan(0.03 * within(original));
  expect(edited.mesh).toMatchObject({ ...SOUND, genus: 0 });
  const erased = before.data.reduce((sum, label, voxel) => sum + label - data[voxel]!, 0);
  const erasedMl = (erased * spacingMm[0] * spacingMm[1] * spacingMm[2]) / 1000;
  const lostMl = original.measurements.volumeMl! - edited.measurements.volumeMl!;
  expect(lostMl / erasedMl).toBeGreaterThan(0.85);
  expect(lostMl / erasedMl).toBeLessThan(1.15);
});

describe('edits that change more than a part, or less', () => {
  const before = labelled([0.6, 0.6, 0.6]);

  it('within the rim change nothing, and say so', () => {
    const after = withBall(before, plane.pointLpsMm, 2, 1);
    const edited = appendageAfterEdits(original, after, plane, false);
    expect(edited.measurements).toEqual(original.measurements);
    expect(edited.warnings.map(({ code }) => code)).toContain('meshing.edit-at-ostium');
  });

  it('leave out what they cut off, with a warning', () => {
    // A slice across the tube's middle.
    const data = before.data.map((label, voxel) => {
      const [x, , z] = centreOf(before.grid, voxel);
      const angle = Math.atan2(z, 12 - x);
      return angle > 1.3 && angle < 1.6 ? 0 : label;
    });
    const edited = appendageAfterEdits(original, { ...before, data }, plane, false);
    expect(edited.mesh).toMatchObject({ ...SOUND, droppedPieces: 1 });
    expect(edited.measurements.ostium).toEqual(original.measurements.ostium);
    expect(edited.warnings.map(({ code }) => code)).toContain('meshing.pieces-left-out');
    expect(edited.measurements.volumeMl!).toBeLessThan(0.8 * original.measurements.volumeMl!);
  });

  it('make all of it anew where they are everywhere, with a warning', () => {
    const shape = rasterizeClosedMesh(bentTubeMesh(12, 5.6, 2, 40, 36), before.grid);
    const data = before.data.map((label, voxel) => {
      const heightMm = dot(subtract(centreOf(before.grid, voxel), plane.pointLpsMm), plane.normal);
      return heightMm > -1 ? Math.max(label, shape[voxel]!) : label;
    });
    const edited = appendageAfterEdits(original, { ...before, data }, plane, false);
    expect(edited.mesh).toMatchObject(SOUND);
    expect(edited.warnings.map(({ code }) => code)).toContain('meshing.drawn-anew');
    expect(edited.measurements.ostium!.areaMm2 / original.measurements.ostium!.areaMm2).toBeCloseTo(1.25, 1);
  });

  it('give the surface of the labels alone where most of them are others, with a warning', () => {
    const data = before.data.map((label, voxel) => (centreOf(before.grid, voxel)[0] > 4 ? 0 : label));
    const edited = appendageAfterEdits(original, { ...before, data }, plane, false);
    expect(edited.warnings.map(({ code }) => code)).toContain('meshing.drawn-from-voxels');
  });
});
