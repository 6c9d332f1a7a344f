import { describe, expect, it } from 'vitest';
import { signedVolumeMm3, surfaceAreaMm2 } from '#shared/mesh/measures.ts';
import { box, icosphere } from '#shared/mesh/testing/primitives.ts';
import type { TriangleMesh } from '#shared/mesh/triangleMesh.ts';
import { concatenateMeshes, flipped, submesh } from '../../mesh/submesh.ts';
import { findBoundaryLoops, meshTopology } from '../../mesh/topology.ts';
import { openLumen } from './openLumen.ts';

const RADIUS = 12;
const sphere = icosphere([0, 0, 0], RADIUS, 4);
const above = (heightMm: number) => (mesh: TriangleMesh) =>
  submesh(mesh, (face) =>
    [0, 1, 2].every((corner) => mesh.positionsLpsMm[3 * mesh.triangles[3 * face + corner]! + 2]! > heightMm),
  ).mesh;
const openSphere = above(-6)(sphere);
const plane = { pointLpsMm: [0, 0, -6], normal: [0, 0, 1] } as const;
/** Of a sphere beyond a height, 2πr·h. */
const wallArea = 2 * Math.PI * RADIUS * (RADIUS + 6);
const isSound = ({ closed, wall }: { closed: TriangleMesh; wall: TriangleMesh }) => {
  expect(meshTopology(closed)).toMatchObject({ watertight: true, misorientedEdges: 0, components: 1 });
  expect(signedVolumeMm3(closed)).toBeGreaterThan(0);
  expect(findBoundaryLoops(wall)).toHaveLength(1);
};

describe('openLumen', () => {
  it('leaves an open surface as it is and closes its rim, either way round', () => {
    for (const surface of [openSphere, flipped(openSphere)]) {
      const opened = openLumen(surface, {});
      isSound(opened);
      expect(opened.openedBy).toBe('surface');
      expect(opened.wall).toEqual(openSphere);
    }
  });

  it('closes every rim of a surface with several', () => {
    const tube = submesh(openSphere, (face) => {
      const z = (corner: number) =>
        openSphere.positionsLpsMm[3 * openSphere.triangles[3 * face + corner]! + 2]!;
      return z(0) < 8 && z(1) < 8 && z(2) < 8;
    }).mesh;
    const { closed, wall } = openLumen(tube, {});
    expect(findBoundaryLoops(wall)).toHaveLength(2);
    expect(meshTopology(closed)).toMatchObject({ watertight: true, misorientedEdges: 0 });
  });

  it("cuts a closed surface at the ostium's plane", () => {
    const opened = openLumen(sphere, { ostiumPlane: plane });
    isSound(opened);
    expect(opened.openedBy).toBe('plane');
    expect(surfaceAreaMm2(opened.wall) / wallArea).toBeCloseTo(1, 1);
  });

  it('takes the part away that touches the atrium', () => {
    // The atrium's surface is the plane z = −6; smaller contacts elsewhere stay wall.
    const distanceMm = (x: number, y: number, z: number) =>
      Math.min(Math.abs(Math.min(0, -6 - z)), Math.hypot(x - RADIUS, y, z));
    const opened = openLumen(sphere, { atrium: { distanceMm, touchMm: 0.5 } });
    isSound(opened);
    expect(opened.openedBy).toBe('atrium');
    const areaAbove = 2 * Math.PI * RADIUS * (RADIUS + 5.5);
    expect(surfaceAreaMm2(opened.wall) / areaAbove).toBeCloseTo(1, 1);
    expect(() => openLumen(sphere, { atrium: { distanceMm: () => 5, touchMm: 0.5 } })).toThrow(
      'The atrium and the appendage do not touch',
    );
  });

  it('finds the flat end of a surface that was cut off, whichever way it looks', () => {
    const cut = openLumen(sphere, { ostiumPlane: plane }).closed;
    for (const turn of [
      (p: Float32Array) => p,
      (p: Float32Array) => p.map((_, at) => p[at % 3 === 2 ? at - 2 : at + 1]!),
    ]) {
      const opened = openLumen({ positionsLpsMm: turn(cut.positionsLpsMm), triangles: cut.triangles }, {});
      isSound(opened);
      expect(opened.openedBy).toBe('flat-end');
      expect(surfaceAreaMm2(opened.wall) / wallArea).toBeCloseTo(1, 1);
    }
  });

  it('refuses in one sentence what has no ostium, no outside or no single surface', () => {
    expect(() => openLumen(sphere, {})).toThrow(
      'The surface is closed and has no flat end that could be its ostium',
    );
    const [a, b, c] = sphere.triangles;
    // A Möbius strip of five triangles.
    const strip = Float32Array.from(
      [0, 1, 2, 3, 4].flatMap((n) => [Math.cos(n * 1.2566), Math.sin(n * 1.2566), n / 3]),
    );
    const moebius = {
      positionsLpsMm: strip,
      triangles: Uint32Array.of(0, 1, 2, 1, 2, 3, 2, 3, 4, 3, 4, 0, 4, 0, 1),
    };
    expect(() => openLumen(moebius, {})).toThrow('The surface has no outside: it is one-sided.');
    const doubled = { ...sphere, triangles: Uint32Array.from([...sphere.triangles, a!, b!, c!]) };
    expect(() => openLumen(doubled, {})).toThrow('The surface is no manifold: 3 of its edges');
  });

  it('turns faces over that look the other way than their neighbours', () => {
    const triangles = openSphere.triangles.slice();
    for (let face = 0; face < triangles.length / 3; face += 7) {
      triangles[3 * face] = openSphere.triangles[3 * face + 1]!;
      triangles[3 * face + 1] = openSphere.triangles[3 * face]!;
    }
    const opened = openLumen({ positionsLpsMm: openSphere.positionsLpsMm, triangles }, {});
    isSound(opened);
    expect(surfaceAreaMm2(opened.wall)).toBeCloseTo(surfaceAreaMm2(openSphere), 3);
    expect(signedVolumeMm3(opened.closed)).toBeCloseTo(signedVolumeMm3(openLumen(openSphere, {}).closed), 3);
  });

  it('keeps the largest piece, and says so unless the rest is crumbs', () => {
    const crumb = box([30, 0, 0], [30.5, 0.5, 0.5]);
    const piece = box([30, 0, 0], [36, 6, 6]);
    expect(openLumen(concatenateMeshes([openSphere, crumb]), {}).warnings).toEqual([]);
    const { warnings, wall } = openLumen(concatenateMeshes([piece, openSphere]), {});
    expect(warnings).toEqual([{ code: 'preparation.pieces-left-out', fields: { pieces: 1 } }]);
    expect(wall.triangles.length).toBe(openSphere.triangles.length);
  });
});
