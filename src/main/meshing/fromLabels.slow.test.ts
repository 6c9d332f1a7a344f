import { describe, expect, it } from 'vitest';
import { meshTopology } from '#main/mesh/topology.ts';
import { UserError } from '#shared/errors.ts';
import { type GridLps, LPS_AXES } from '#shared/geometry/gridLps.ts';
import { cross, distance, normalize, perAxis, perpendicular, type Vec3 } from '#shared/geometry/vec3.ts';
import type { TriangleMesh } from '#shared/mesh/triangleMesh.ts';
import { createRandom } from '#shared/random/random.ts';
import { words } from '#shared/words/words.ts';
import { appendageFromLabels } from './index.ts';
import { labelsOf } from './shapes.ts';

/** A grid with the origin in its middle. */
function gridOf(edgeMm: number, spacingMm: Vec3, directions: GridLps['directions'] = LPS_AXES): GridLps {
  const size = perAxis((axis) => Math.round(edgeMm / spacingMm[axis]));
  const half = perAxis((axis) => ((size[axis] - 1) / 2) * spacingMm[axis]);
  const originLpsMm = perAxis(
    (at) => -directions.reduce((sum, direction, axis) => sum + half[axis]! * direction[at], 0),
  );
  return { sizeIjk: size, originLpsMm, spacingMm, directions };
}

const oblique = ((): GridLps['directions'] => {
  const a = normalize([0.8, 0.5, -0.3]);
  const b = perpendicular(a);
  return [a, b, cross(a, b)];
})();

/** Mean and largest distance of a mesh's vertices from a sphere. */
function deviation(mesh: TriangleMesh, centre: Vec3, radius: number): { mean: number; largest: number } {
  const p = mesh.positionsLpsMm;
  let [sum, largest] = [0, 0];
  for (let at = 0; at < p.length; at += 3) {
    const off = Math.abs(distance([p[at]!, p[at + 1]!, p[at + 2]!], centre) - radius);
    sum += off;
    largest = Math.max(largest, off);
  }
  return { mean: (3 * sum) / p.length, largest };
}

describe('a sphere of 9 mm radius as labels', () => {
  const centre: Vec3 = [1.3, -2.1, 0.7];
  it.each([
    ['0.4 mm voxels', gridOf(27, [0.4, 0.4, 0.4]), 0.3],
    ['0.45 × 0.45 × 0.7 mm, oblique', gridOf(27, [0.45, 0.45, 0.7], oblique), 0.4],
    ['1 × 1 × 3 mm', gridOf(30, [1, 1, 3]), 1.4],
    ['1 × 1 × 3 mm, oblique', gridOf(30, [1, 1, 3], oblique), 1.4],
  ])('on %s keeps its volume', (_name, grid, largestMm) => {
    const labels = labelsOf(grid, (point) => distance(point, centre) - 9);
    const { closed, measurements, mesh, warnings } = appendageFromLabels(labels, null, false);
    expect(mesh).toMatchObject({
      watertight: true,
      manifold: true,
      outwardNormals: true,
      components: 1,
      genus: 0,
      selfIntersections: 0,
      degenerateFaces: 0,
    });
    const voxels = labels.data.reduce((sum, value) => sum + value, 0);
    const labelledMl = (voxels * grid.spacingMm[0] * grid.spacingMm[1] * grid.spacingMm[2]) / 1000;
    expect(Math.abs(measurements.volumeMl! / labelledMl - 1)).toBeLessThan(0.01);
    const off = deviation(closed, centre, 9);
    expect(off.largest).toBeLessThan(largestMm);
    expect(warnings).toEqual([]);
    expect(measurements.ostium).toBeNull();
  });

  it('cut at a plane has a plane cap', () => {
    const labels = labelsOf(gridOf(27, [0.4, 0.4, 0.6]), (point) => distance(point, centre) - 9);
    const plane = { pointLpsMm: centre, normal: normalize([0.2, 0.9, -0.4]) };
    const { measurements, mesh } = appendageFromLabels(labels, plane, false);
    expect(mesh).toMatchObject({ watertight: true, manifold: true, wallBoundaryLoops: 1 });
    expect(measurements.volumeMl! / ((2 * Math.PI * 9 ** 3) / 3000)).toBeCloseTo(1, 1);
    expect(measurements.ostium!.areaMm2 / (Math.PI * 81)).toBeCloseTo(1, 1);
  });
});

describe('labels that end at the ostium’s plane', () => {
  // A cylinder of 8 mm radius along its axis, cut square at the origin.
  it.each([
    ['square to the voxels', LPS_AXES],
    ['oblique to the voxels', oblique],
  ])('give the ostium back, %s', (_name, directions) => {
    const axis = normalize([0.1, 0.2, 1]);
    const labels = labelsOf(gridOf(50.4, [0.4, 0.4, 0.6], directions), (point) => {
      const along = point[0] * axis[0] + point[1] * axis[1] + point[2] * axis[2];
      const aside = Math.sqrt(Math.max(0, point[0] ** 2 + point[1] ** 2 + point[2] ** 2 - along ** 2));
      return Math.max(aside - 8, -along, along - 22);
    });
    const result = appendageFromLabels(labels, { pointLpsMm: [0, 0, 0], normal: axis }, false);
    expect(result.mesh).toMatchObject({ watertight: true, manifold: true, wallBoundaryLoops: 1 });
    expect(Math.abs(result.measurements.ostium!.areaMm2 / (Math.PI * 64) - 1)).toBeLessThan(0.07);
    expect(Math.abs(result.measurements.volumeMl! / ((Math.PI * 64 * 22) / 1000) - 1)).toBeLessThan(0.03);
    expect(result.warnings).toEqual([]);
  });
});

describe('label maps that are not a single solid', () => {
  it('an empty one is refused', () => {
    const labels = labelsOf(gridOf(20, [1, 1, 1]), () => 1);
    expect(() => appendageFromLabels(labels, null, false)).toThrow(UserError);
  });

  it('of several pieces the largest is kept and the others’ volume is reported', () => {
    const labels = labelsOf(gridOf(44, [0.6, 0.6, 0.6]), (point) =>
      Math.min(distance(point, [-8, 0, 0]) - 9, distance(point, [15, 0, 0]) - 5),
    );
    const { mesh, measurements, warnings } = appendageFromLabels(labels, null, false);
    expect(mesh).toMatchObject({ components: 1, droppedPieces: 1 });
    expect(measurements.volumeMl! / ((4 * Math.PI * 729) / 3000)).toBeCloseTo(1, 1);
    expect(warnings.map(words().sentence).join(' ')).toContain('0.5 mL');
  });

  it('noise still gives a closed manifold', () => {
    const random = createRandom(5);
    const labels = labelsOf(gridOf(24, [1, 1, 1.5]), (point) =>
      random.chance(0.5) ? Math.max(...point.map(Math.abs)) - 8 : 1,
    );
    const { closed } = appendageFromLabels(labels, null, false);
    const topology = meshTopology(closed);
    expect(topology).toMatchObject({
      watertight: true,
      nonManifoldVertices: 0,
      nonManifoldEdges: 0,
      misorientedEdges: 0,
    });
  });
});
