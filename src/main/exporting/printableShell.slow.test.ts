import { describe, expect, it } from 'vitest';
import { submesh } from '#main/mesh/submesh.ts';
import { CancelledError, UserError } from '#shared/errors.ts';
import type { GridLps } from '#shared/geometry/gridLps.ts';
import { addScaled, cross, dot, perpendicular, subtract, type Vec3 } from '#shared/geometry/vec3.ts';
import { faceAreasMm2, faceCross, vertexLpsMm } from '#shared/mesh/measures.ts';
import { rasterizeClosedMesh } from '#shared/mesh/rasterize.ts';
import { icosphere, torus } from '#shared/mesh/testing/primitives.ts';
import { faceCount, type TriangleMesh, vertexCount } from '#shared/mesh/triangleMesh.ts';
import { type PrintableShell, printableShell } from './printableShell.ts';

const CENTRE: Vec3 = [-31, 12, 240];
const NORMAL: Vec3 = [0.48, -0.6, 0.64];
const RADIUS = 5;
const sphere = icosphere(CENTRE, RADIUS, 4);
const ballMm3 = (radius: number): number => (4 / 3) * Math.PI * radius ** 3;

const heights = (mesh: TriangleMesh, point: Vec3): number[] =>
  Array.from({ length: vertexCount(mesh) }, (_, vertex) =>
    dot(subtract(vertexLpsMm(mesh, vertex), point), NORMAL),
  );

function expectPrintable({ quality }: PrintableShell): void {
  expect(quality).toMatchObject({
    watertight: true,
    manifold: true,
    outward: true,
    selfIntersections: 0,
    degenerateFaces: 0,
    unusedVertices: 0,
  });
  expect(quality.minAngleDegrees).toBeGreaterThan(8);
}

/** Whether the places at these heights over a point, along the normal, are within the shell's material. */
function materialAlong(
  mesh: TriangleMesh,
  from: Vec3,
  startMm: number,
  stepMm: number,
  count: number,
): number[] {
  const u = perpendicular(NORMAL);
  const grid: GridLps = {
    sizeIjk: [1, 1, count],
    originLpsMm: addScaled(from, NORMAL, startMm),
    spacingMm: [1, 1, stepMm],
    directions: [u, cross(NORMAL, u), NORMAL],
  };
  return Array.from(rasterizeClosedMesh(mesh, grid));
}

describe('printable shell', () => {
  it.each([2, 0.5])('of half a sphere, %s mm: volume, thickness, flat rim', async (thicknessMm) => {
    const shell = await printableShell({
      closed: sphere,
      wall: null,
      ostiumPlane: { pointLpsMm: CENTRE, normal: NORMAL },
      thicknessMm,
    });
    expectPrintable(shell);
    expect(shell.quality).toMatchObject({ components: 1, genus: 0 });
    const outer = RADIUS + thicknessMm;
    const volume = (ballMm3(outer) - ballMm3(RADIUS)) / 2;
    expect(Math.abs(shell.quality.volumeMm3! / volume - 1)).toBeLessThan(0.01);
    expect(shell.reachedMm.mean).toBeCloseTo(thicknessMm, 2);
    expect(shell.reachedMm.min).toBeGreaterThan(thicknessMm - 0.05);

    const over = heights(shell.mesh, CENTRE);
    expect(Math.min(...over)).toBeGreaterThan(-1e-4);
    expect(Math.max(...over)).toBeCloseTo(outer, 1);
    const areas = faceAreasMm2(shell.mesh);
    let [rimArea, turnedAway] = [0, 0];
    for (let face = 0; face < faceCount(shell.mesh); face++) {
      const corners = [0, 1, 2].map((corner) => shell.mesh.triangles[3 * face + corner]!);
      if (corners.some((vertex) => over[vertex]! > 1e-4)) continue;
      rimArea += areas[face]!;
      if (dot(faceCross(shell.mesh, face), NORMAL) >= 0) turnedAway++;
    }
    // The rim faces the atrium.
    expect(turnedAway).toBe(0);
    expect(Math.abs(rimArea / (Math.PI * (outer ** 2 - RADIUS ** 2)) - 1)).toBeLessThan(0.03);
  });

  it('stands on a base round the opening, and has its thickness at every vertex', async () => {
    const [thicknessMm, baseWidthMm] = [1.5, 4];
    const shell = await printableShell({
      closed: sphere,
      wall: null,
      ostiumPlane: { pointLpsMm: CENTRE, normal: NORMAL },
      thicknessMm,
      baseWidthMm,
    });
    expectPrintable(shell);
    expect(shell.quality).toMatchObject({ components: 1, genus: 0 });
    const over = heights(shell.mesh, CENTRE);
    expect(Math.min(...over)).toBeGreaterThan(-1e-4);
    const outer = RADIUS + thicknessMm;
    // The base is a ring 2 mm high; the wall bends in by little up there.
    const ring = Math.PI * ((outer + baseWidthMm) ** 2 - outer ** 2) * 2;
    const half = (ballMm3(outer) - ballMm3(RADIUS)) / 2;
    expect(Math.abs(shell.quality.volumeMm3! / (half + ring) - 1)).toBeLessThan(0.04);
    expect(shell.reachedMm.mean).toBeCloseTo(thicknessMm, 1);
    const offMm = shell.thicknessMm.filter((_, vertex) => over[vertex]! >= 3).map((mm) => mm - thicknessMm);
    expect(offMm.length).toBeGreaterThan(100);
    expect(Math.max(...offMm.map(Math.abs))).toBeLessThan(0.15);
    expect(Math.max(...shell.thicknessMm)).toBeGreaterThan(thicknessMm + baseWidthMm - 0.5);
    // It is round: its centre of mass lies over the middle.
    expect(Math.abs(shell.stand!.marginMm - (outer + baseWidthMm))).toBeLessThan(0.25);
    expect(shell.stand!.tipsAtDegrees).toBeGreaterThan(45);
  });

  it('stays open where the ostium’s cap and rim lie above the plane', async () => {
    const fine = icosphere(CENTRE, 8, 5);
    const over = heights(fine, CENTRE);
    const isCap = (face: number): boolean =>
      [0, 1, 2].every((corner) => over[fine.triangles[3 * face + corner]!]! < -6);
    const pointLpsMm = addScaled(CENTRE, NORMAL, -8.5);
    const shell = await printableShell({
      closed: fine,
      wall: submesh(fine, (face) => !isCap(face)).mesh,
      ostiumPlane: { pointLpsMm, normal: NORMAL },
      thicknessMm: 1,
    });
    expectPrintable(shell);
    expect(shell.quality).toMatchObject({ components: 1, genus: 0 });
    expect(Math.min(...heights(shell.mesh, pointLpsMm))).toBeCloseTo(0, 4);
    // Along the axis there is nothing from the plane to the far wall, 16.5 mm on, then 1 mm of it.
    expect(materialAlong(shell.mesh, pointLpsMm, 0.1, 0.2, 90)).toEqual(
      Array.from({ length: 90 }, (_, step) => (0.1 + 0.2 * step > 16.5 && 0.1 + 0.2 * step < 17.5 ? 1 : 0)),
    );
    // The neck leads straight down from the rim, whose radius is √(8² − 6²) = 5.29 mm.
    const beside = (offsetMm: number): number[] =>
      materialAlong(shell.mesh, addScaled(pointLpsMm, perpendicular(NORMAL), offsetMm), 0.1, 0.2, 8);
    expect([4.9, 5.15, 5.45, 6.15, 6.45].map((offset) => beside(offset).join(''))).toEqual(
      [0, 0, 1, 1, 0].map((material) => `${material}`.repeat(8)),
    );
    expect(shell.reachedMm.min).toBeGreaterThan(0.9);
  });

  it('without an ostium is a hollow body: an outer surface and a cavity', async () => {
    const shell = await printableShell({ closed: sphere, wall: null, ostiumPlane: null, thicknessMm: 1 });
    expectPrintable(shell);
    expect(shell).toMatchObject({ isOpen: false, quality: { components: 2, genus: 0 } });
    const volume = ballMm3(RADIUS + 1) - ballMm3(RADIUS);
    expect(Math.abs(shell.quality.volumeMm3! / volume - 1)).toBeLessThan(0.01);
  });

  it('keeps a handle of the lumen, and lets neighbouring walls grow together', async () => {
    const ring = torus([0, 0, 0], 4, 1.6, 64, 32);
    const input = { closed: ring, wall: null, ostiumPlane: null };
    const open = await printableShell({ ...input, thicknessMm: 1 });
    expectPrintable(open);
    // A handle outside and one in the cavity.
    expect(open.quality.genus).toBe(2);
    const filled = await printableShell({ ...input, thicknessMm: 3 });
    expectPrintable(filled);
    expect(filled.quality.genus).toBe(1);
  });

  it('is refused where the plane leaves nothing, and stops when cancelled', async () => {
    const away = { pointLpsMm: addScaled(CENTRE, NORMAL, 30), normal: NORMAL };
    const input = { closed: sphere, wall: null, ostiumPlane: away, thicknessMm: 2 };
    await expect(printableShell(input)).rejects.toThrow(UserError);
    await expect(printableShell(input, { signal: AbortSignal.abort() })).rejects.toThrow(CancelledError);
  });
});
