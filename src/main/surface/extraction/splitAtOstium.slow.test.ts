import { describe, expect, it } from 'vitest';
import { meshTopology } from '#main/mesh/topology.ts';
import { icosphere, torus } from '#shared/mesh/testing/primitives.ts';
import { type TriangleMesh, vertexCount } from '#shared/mesh/triangleMesh.ts';
import { createRandom } from '#shared/random/random.ts';
import { splitAtOstium } from './splitAtOstium.ts';

/** A value at each vertex from its position. */
const valuesAt = (mesh: TriangleMesh, value: (x: number, y: number, z: number) => number): Float64Array =>
  Float64Array.from({ length: vertexCount(mesh) }, (_, v) => {
    const p = mesh.positionsLpsMm;
    return value(p[3 * v]!, p[3 * v + 1]!, p[3 * v + 2]!);
  });

const disc = { components: 1, boundaryLoops: 1, nonManifoldEdges: 0, nonManifoldVertices: 0 };

describe('splitAtOstium', () => {
  const sphere = icosphere([0, 0, 0], 12, 5);

  it('finds the cap of a sphere and its plane, without a plane’s help', () => {
    // The cap is the part above 40° from the pole; the unsigned distance is the arc's length to its border.
    const border = (40 * Math.PI) / 180;
    const unsigned = valuesAt(
      sphere,
      (_x, _y, z) => 12 * Math.max(0, border - Math.acos(Math.min(1, z / 12))),
    );
    const split = splitAtOstium(sphere, unsigned, { planeWeight: 0 });
    if (!split.found) throw new Error('no ostium');
    expect(split.planeNormal[2]).toBeCloseTo(-1, 3);
    expect(split.rimShiftMm).toBe(0);
    for (const [x, y, z] of split.rimLpsMm) {
      expect(Math.abs(Math.atan2(Math.hypot(x, y), z) - border) * 12).toBeLessThan(0.25);
    }
  });

  it('always leaves one loop, whatever the field on whatever surface', () => {
    const random = createRandom(17);
    const ball = icosphere([0, 0, 0], 10, 3);
    let found = 0;
    for (let trial = 0; trial < 60; trial++) {
      const mesh = trial % 2 === 0 ? ball : torus([0, 0, 0], 10, random.uniform(2, 6), 40, 24);
      const waves = Array.from({ length: 4 }, () => ({
        direction: random.direction(),
        frequency: random.uniform(0.1, 1.2),
        phase: random.uniform(0, 6),
      }));
      const unsigned = valuesAt(mesh, (x, y, z) =>
        Math.abs(
          waves.reduce(
            (sum, { direction, frequency, phase }) =>
              sum +
              2 * Math.sin(frequency * (x * direction[0] + y * direction[1] + z * direction[2]) + phase),
            0,
          ),
        ),
      );
      const split = splitAtOstium(mesh, unsigned, { leastCoreMm2: 0 });
      if (!split.found) continue;
      found++;
      expect(meshTopology(split.wall)).toMatchObject(disc);
      expect(meshTopology(split.cap)).toMatchObject(disc);
      expect(meshTopology(split.closed)).toMatchObject({
        components: 1,
        watertight: true,
        misorientedEdges: 0,
      });
      expect(split.rimLpsMm.length).toBeGreaterThan(2);
    }
    expect(found).toBeGreaterThan(40);
  });

  it('finds a slit, on which no place is 2.5 mm from the wall', () => {
    // 5 × 20 mm, in a field that grows by 0.8 mm per mm.
    const slit = valuesAt(sphere, (x, y, z) =>
      z > 0 ? Math.max(0, 0.8 * Math.min(2.5 - Math.abs(y), 10 - Math.abs(x))) : 0,
    );
    const split = splitAtOstium(sphere, slit, { planeWeight: 0 });
    if (!split.found) throw new Error('no ostium');
    expect(split.capPeakMm).toBeLessThan(2.5);
    expect(split.planeNormal[2]).toBeLessThan(-0.99);
    expect(meshTopology(split.wall)).toMatchObject(disc);
    const beside = split.rimLpsMm.filter(([x]) => Math.abs(x) < 7);
    expect(beside.length).toBeGreaterThan(20);
    for (const [, y] of beside) expect(Math.abs(Math.abs(y) - 2.5)).toBeLessThan(0.5);
  });

  it('says that there is no ostium where the distance stays low, or rises on a speck only', () => {
    expect(
      splitAtOstium(
        sphere,
        valuesAt(sphere, () => 1.4),
      ),
    ).toEqual({ found: false, reason: 'no-ostium' });
    const speck = valuesAt(sphere, (_x, _y, z) => (z > 11.95 ? 9 : 0.3));
    expect(splitAtOstium(sphere, speck).found).toBe(false);
    // No wall at all is no ostium either, but one loop all the same.
    const bare = splitAtOstium(
      sphere,
      valuesAt(sphere, () => 5),
    );
    if (bare.found) expect(meshTopology(bare.wall)).toMatchObject(disc);
  });
});
