import { describe, expect, it } from 'vitest';
import { distance } from '#shared/geometry/vec3.ts';
import { signedVolumeMm3 } from '#shared/mesh/measures.ts';
import { closedTube } from './tube.ts';

describe('a tube around a circle', () => {
  const circle = Float32Array.from(
    Array.from({ length: 90 }, (_, index) => {
      const angle = (2 * Math.PI * index) / 90;
      return [10 * Math.cos(angle), 10 * Math.sin(angle), 4];
    }).flat(),
  );
  const tube = closedTube(circle, [0, 0, 1], 0.5, 12);

  it('keeps its radius from the line', () => {
    for (let at = 0; at < tube.positionsLpsMm.length; at += 3) {
      const [x, y, z] = [0, 1, 2].map((axis) => tube.positionsLpsMm[at + axis]!);
      expect(distance([Math.hypot(x!, y!), 0, z!], [10, 0, 4])).toBeCloseTo(0.5, 2);
    }
  });

  it('encloses the volume of a torus, its faces outward', () => {
    const torusVolume = 2 * Math.PI ** 2 * 10 * 0.25;
    expect(signedVolumeMm3(tube) / torusVolume).toBeGreaterThan(0.93);
    expect(signedVolumeMm3(tube) / torusVolume).toBeLessThan(1.01);
  });
});
